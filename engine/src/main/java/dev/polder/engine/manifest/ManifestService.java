package dev.polder.engine.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.manifest.ManifestChanges.Change;
import dev.polder.engine.source.ManifestSources;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.ControlPlane;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Exports the whole control plane and takes it over again: tenants, databases, quotas, roles,
 * groups, users, grants, policies and sources, of which secrets never leave. A superuser's work.
 * Each call is one metastore transaction. Thread-safe.
 */
public final class ManifestService {
  private final EngineParts engine;
  private final ManifestSources sources;

  public ManifestService(EngineParts engine, ManifestSources sources) {
    this.engine = engine;
    this.sources = sources;
  }

  /**
   * The control plane as it is.
   *
   * @param passwordHashes whether users are written with the hashes of their passwords
   */
  public ObjectNode export(Identity actor, boolean passwordHashes) {
    return audited(
        actor,
        "EXPORT MANIFEST",
        () ->
            passwordHashes
                ? engine
                    .metastore()
                    .write(tx -> {
                      require(tx, actor, "export the control plane");
                      ControlPlane.audit(
                          tx,
                          actor,
                          EventType.MANIFEST_EXPORTED,
                          "manifest",
                          Map.of("password_hashes", "true"));
                      return written(tx, true);
                    })
                : engine
                    .metastore()
                    .read(tx -> {
                      require(tx, actor, "export the control plane");
                      return written(tx, false);
                    }));
  }

  /**
   * Makes the control plane what a manifest says; all of it or nothing.
   *
   * @param prune whether what the manifest's lists do not name is deleted; tenants and databases
   *     always stay
   * @param dryRun whether only to tell what would change
   * @return what changes, by its place, and what could not be found here and was left out
   */
  public ObjectNode importFrom(Identity actor, ObjectNode manifest, boolean prune, boolean dryRun) {
    return audited(
        actor,
        "IMPORT MANIFEST",
        () -> {
          try {
            return engine
                .metastore()
                .write(tx -> {
                  ObjectNode report = imported(tx, actor, manifest, prune);
                  report.put("dryRun", dryRun);
                  if (dryRun) {
                    throw new Undone(report);
                  }
                  return report;
                });
          } catch (Undone undone) {
            return undone.report;
          } finally {
            engine.quotas().changed(engine.metastore().read(tx -> tx.grants().epoch()));
          }
        });
  }

  private ObjectNode imported(
      MetastoreTransaction tx, Identity actor, ObjectNode manifest, boolean prune) {
    require(tx, actor, "import a manifest");
    ObjectNode before = written(tx, true);
    ManifestImport work = new ManifestImport(tx, engine.lake(), actor, sources, prune);
    work.run(new ManifestItem("", manifest));
    List<Change> changes = ManifestChanges.between(before, written(tx, true));
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    ArrayNode array = report.putArray("changes");
    changes.forEach(
        change -> array.addObject().put("change", change.kind()).put("path", change.place()));
    work.newValues().forEach(place -> array.addObject().put("change", "change").put("path", place));
    ArrayNode skipped = report.putArray("skipped");
    work.skipped().forEach(skipped::add);
    ControlPlane.audit(
        tx,
        actor,
        EventType.MANIFEST_IMPORTED,
        "manifest",
        Map.of("changes", Integer.toString(array.size()), "prune", Boolean.toString(prune)));
    return report;
  }

  private ObjectNode written(MetastoreTransaction tx, boolean passwordHashes) {
    return new ManifestExport(tx, engine.lake(), passwordHashes).whole();
  }

  private void require(MetastoreTransaction tx, Identity actor, String action) {
    Rights.requireValid(tx, engine, actor);
    ControlPlane.requireSuperuser(tx, actor, action);
  }

  private <T> T audited(Identity actor, String operation, Supplier<T> work) {
    try {
      return work.get();
    } catch (PolderException e) {
      if (e.code() == ErrorCode.ACCESS_DENIED) {
        engine
            .auditLog()
            .denied(
                actor, Optional.empty(), operation, "manifest", String.valueOf(e.getMessage()), "");
      }
      throw e;
    }
  }

  /** Ends a transaction whose changes were only to be told. */
  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ObjectNode report;

    Undone(ObjectNode report) {
      super("dry run", null, false, false);
      this.report = report;
    }
  }
}
