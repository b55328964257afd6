package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.AccessMode;
import dev.polder.engine.catalog.GenericTable;
import dev.polder.engine.catalog.TableAccess;
import dev.polder.engine.catalog.TableCreation;
import dev.polder.engine.catalog.TableUpdate;
import dev.polder.metastore.idempotency.KeyState;
import dev.polder.model.ErrorCode;
import dev.polder.model.JobId;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewVersion;

/**
 * Answers once more what a request was answered that is done: as of its commit, and under the
 * rights of now. Changes nothing: whatever a catalog can change is overridden here, or it would be
 * changed twice. Thread-safe.
 */
final class RepeatedCatalog extends LocalGovernedCatalog {
  private final KeyState.Done done;

  RepeatedCatalog(CatalogScope scope, CatalogParts parts, KeyState.Done done) {
    super(scope, parts);
    this.done = done;
  }

  private long seq() {
    return done.seq().orElseThrow();
  }

  @Override
  public void createNamespace(Namespace name, Map<String, String> properties) {
    requireLive();
  }

  @Override
  public void dropNamespace(Namespace name) {
    requireLive();
  }

  @Override
  public PropertyChanges updateNamespace(
      Namespace name, Set<String> removed, Map<String, String> updated) {
    requireLive();
    return NamespaceCalls.changes(removed, updated, done.detail().orElse(""));
  }

  @Override
  public TableMetadata createTable(Namespace namespace, TableCreation creation) {
    return tables().asOf(TableIdentifier.of(namespace, creation.name()), seq());
  }

  @Override
  public TableMetadata registerTable(
      Namespace namespace, String name, String metadataLocation, boolean overwrite) {
    return tables().asOf(TableIdentifier.of(namespace, name), seq());
  }

  @Override
  public TableMetadata commit(TableUpdate update) {
    return tables().asOf(update.name(), seq());
  }

  /** The table may have another name by now, or none. */
  @Override
  public TableAccess access(TableIdentifier name, Set<AccessMode> modes) {
    try {
      return super.access(name, modes);
    } catch (PolderException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        return TableAccess.NONE;
      }
      throw e;
    }
  }

  @Override
  public void commitAll(List<TableUpdate> updates) {
    requireLive();
  }

  @Override
  public Optional<JobId> dropTable(TableIdentifier name, boolean purge) {
    requireLive();
    return done.detail().map(JobId::new);
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    requireLive();
  }

  @Override
  public ViewMetadata createView(
      TableIdentifier name,
      Optional<String> location,
      Schema schema,
      ViewVersion version,
      Map<String, String> properties) {
    return views().asOf(name, seq());
  }

  @Override
  public ViewMetadata registerView(Namespace namespace, String name, String metadataLocation) {
    return views().asOf(TableIdentifier.of(namespace, name), seq());
  }

  @Override
  public ViewMetadata commitView(TableUpdate update) {
    return views().asOf(update.name(), seq());
  }

  @Override
  public void dropView(TableIdentifier name) {
    requireLive();
  }

  @Override
  public void renameView(TableIdentifier from, TableIdentifier to) {
    requireLive();
  }

  @Override
  public GenericTable createGenericTable(GenericTable table) {
    return generics().asOf(table.name(), seq());
  }

  @Override
  public void dropGenericTable(TableIdentifier name) {
    requireLive();
  }

  @Override
  public void cancelTask(JobId id) {
    requireLive();
  }
}
