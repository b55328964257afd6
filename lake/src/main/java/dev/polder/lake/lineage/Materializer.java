package dev.polder.lake.lineage;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.Committer;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.lineage.Lineage;
import dev.polder.metastore.lineage.LineageKind;
import dev.polder.metastore.lineage.RewriteStore.Version;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes clones independent: copies every file of somebody else's that a clone's own versions reach,
 * table by table, while the clone and its source are written. What was done stays done when the
 * work is cut off; taken up again it goes on from there. Thread-safe.
 */
public final class Materializer {
  private static final int ATTEMPTS = 50;

  private final Metastore metastore;
  private final Warehouse warehouse;
  private final MetadataFiles metadata;
  private final Committer committer;

  public Materializer(
      Metastore metastore, Warehouse warehouse, MetadataFiles metadata, Committer committer) {
    this.metastore = metastore;
    this.warehouse = warehouse;
    this.metadata = metadata;
    this.committer = committer;
  }

  /**
   * Returns when the database neither reaches nor depends on anything of another one, which the
   * transaction that makes it true tells the audit trail.
   *
   * @param by who asked for it
   * @return false: it was so already
   */
  public boolean run(
      DatabaseId database, Optional<PrincipalName> by, MaterializeProgress.Listener listener) {
    Progress progress = new Progress(listener);
    if (!metastore.read(tx -> depends(tx, database))) {
      return false;
    }
    while (true) {
      List<CollectionId> sharing =
          metastore.read(tx -> {
            requireClone(tx, database);
            return tx.rewrites().sharing(database);
          });
      progress.found(sharing.size());
      sharing.forEach(id -> materialize(id, progress));
      if (sharing.isEmpty() && metastore.write(tx -> end(tx, database, by, progress))) {
        return true;
      }
    }
  }

  private static boolean depends(MetastoreTransaction tx, DatabaseId database) {
    return requireClone(tx, database).isPresent() || !tx.rewrites().sharing(database).isEmpty();
  }

  private static Optional<Lineage> requireClone(MetastoreTransaction tx, DatabaseId id) {
    Database database = tx.databases().get(id);
    Optional<Lineage> parent = tx.lineage().parent(id);
    if (database.droppedAt().isPresent()) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND, "database " + database.name() + " was dropped");
    }
    if (parent.filter(lineage -> lineage.kind() == LineageKind.MIRROR).isPresent()) {
      tx.mirrors().requireWritable(id);
    }
    return parent;
  }

  /** False: it shares files again by now, for it was reset. */
  private static boolean end(
      MetastoreTransaction tx, DatabaseId database, Optional<PrincipalName> by, Progress progress) {
    boolean depended = requireClone(tx, database).isPresent();
    if (!tx.rewrites().sharing(database).isEmpty()) {
      return false;
    }
    tx.rewrites().endOrigins(database);
    // Else somebody else came first and has told it.
    if (depended || progress.tablesDone > 0) {
      tx.audit()
          .append(
              new AuditEvent(
                  Optional.of(database),
                  by,
                  Optional.empty(),
                  EventType.DATABASE_MATERIALIZED,
                  Optional.of(tx.databases().get(database).name().value()),
                  AuditOutcome.SUCCESS,
                  AuditEvent.detail(
                      Map.of(
                          "tables",
                          Long.toString(progress.tablesDone),
                          "files",
                          Long.toString(progress.files),
                          "bytes",
                          Long.toString(progress.bytes)))));
    }
    return true;
  }

  private void materialize(CollectionId id, Progress progress) {
    CollectionEntry entry = metastore.read(tx -> tx.collections().find(id)).orElseThrow();
    OwnFiles files =
        new OwnFiles(
            warehouse,
            warehouse.io(),
            entry.location(),
            metastore.read(tx -> tx.rewrites().spent(entry.location())),
            progress::copied);
    VersionRewriter rewriter = new VersionRewriter(metadata, files);
    progress.begin(entry.ref().toString());
    // The long part, while the table is written; then what was written meanwhile.
    progress.unhurried(() -> rewrite(entry, rewriter));
    committer.exclusively(
        id,
        () -> {
          for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<Version> versions = rewrite(entry, rewriter);
            warehouse.sync();
            if (metastore.write(tx -> replace(tx, entry, versions, files))) {
              progress.done();
              return true;
            }
          }
          throw new PolderException(
              ErrorCode.TRANSACTION_CONFLICT,
              "table "
                  + entry.ref()
                  + " changed under its materialization "
                  + ATTEMPTS
                  + " times in a row; run it again");
        });
  }

  private List<Version> rewrite(CollectionEntry entry, VersionRewriter rewriter) {
    List<Version> versions = metastore.read(tx -> tx.rewrites().versions(entry.id()));
    LakeCollection table = LakeCollection.of(entry);
    rewriter.rewrite(
        versions.stream()
            .map(version -> table.at(version.metadataLocation(), version.seq()))
            .toList());
    return versions;
  }

  private static boolean replace(
      MetastoreTransaction tx, CollectionEntry entry, List<Version> versions, OwnFiles files) {
    return versions.isEmpty()
        || tx.rewrites()
            .replace(
                entry.space(),
                entry.id(),
                "MATERIALIZE " + entry.ref(),
                versions,
                files.replacements());
  }

  /** Counts. One owner. */
  private static final class Progress {
    private final MaterializeProgress.Listener listener;
    private long tables;
    private long tablesDone;
    private long files;
    private long bytes;
    private String table = "";
    private boolean unhurried;

    Progress(MaterializeProgress.Listener listener) {
      this.listener = listener;
    }

    void found(int more) {
      tables = tablesDone + more;
    }

    void begin(String name) {
      table = name;
      report();
    }

    void copied(long size) {
      files++;
      bytes += size;
      report();
      if (unhurried) {
        listener.pause();
      }
    }

    /** Does what keeps nobody from writing. */
    void unhurried(Runnable work) {
      unhurried = true;
      try {
        work.run();
      } finally {
        unhurried = false;
      }
    }

    void done() {
      tablesDone++;
      report();
    }

    private void report() {
      listener.report(new MaterializeProgress(tables, tablesDone, files, bytes, table));
    }
  }
}
