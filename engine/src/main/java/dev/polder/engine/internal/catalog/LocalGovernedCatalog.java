package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.AccessMode;
import dev.polder.engine.catalog.CatalogTask;
import dev.polder.engine.catalog.GenericTable;
import dev.polder.engine.catalog.GovernedCatalog;
import dev.polder.engine.catalog.NamePage;
import dev.polder.engine.catalog.PlannedScan;
import dev.polder.engine.catalog.RepeatableRequest;
import dev.polder.engine.catalog.Signature;
import dev.polder.engine.catalog.TableAccess;
import dev.polder.engine.catalog.TableCreation;
import dev.polder.engine.catalog.TableUpdate;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.DatabaseName;
import dev.polder.model.JobId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.credentials.Credential;
import org.apache.iceberg.rest.requests.PlanTableScanRequest;
import org.apache.iceberg.rest.requests.RemoteSignRequest;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewVersion;

/** A catalog of this server's own. Thread-safe. */
class LocalGovernedCatalog implements GovernedCatalog {
  private final CatalogScope scope;
  private final NamespaceCalls namespaces;
  private final TableCalls tables;
  private final ScanCalls scans;
  private final ViewCalls views;
  private final AccessCalls files;
  private final GenericCalls generics;
  private final TaskCalls tasks;
  private final CatalogParts parts;

  LocalGovernedCatalog(CatalogScope scope, CatalogParts parts) {
    this.scope = scope;
    this.namespaces = new NamespaceCalls(scope);
    this.tables = new TableCalls(scope);
    this.scans = new ScanCalls(scope, parts.scans());
    this.views = new ViewCalls(scope);
    this.files = new AccessCalls(scope, parts.trail());
    this.generics = new GenericCalls(scope);
    this.tasks = new TaskCalls(scope);
    this.parts = parts;
  }

  final TableCalls tables() {
    return tables;
  }

  final ViewCalls views() {
    return views;
  }

  final GenericCalls generics() {
    return generics;
  }

  /** Fails when the login or the database is gone. */
  final void requireLive() {
    var _ = scope.access();
  }

  @Override
  public RepeatableRequest repeatable(UUID key, String fingerprint) {
    return parts.keys().begin(parts, scope, key, fingerprint);
  }

  @Override
  public String prefix() {
    return LocalCatalogService.prefix(scope);
  }

  @Override
  public NamePage<Namespace> namespaces(Namespace parent, Optional<String> after, int limit) {
    return namespaces.list(parent, after, limit);
  }

  @Override
  public Map<String, String> namespace(Namespace name) {
    return namespaces.properties(name);
  }

  @Override
  public void createNamespace(Namespace name, Map<String, String> properties) {
    namespaces.create(name, properties);
  }

  @Override
  public void dropNamespace(Namespace name) {
    namespaces.drop(name);
  }

  @Override
  public PropertyChanges updateNamespace(
      Namespace name, Set<String> removed, Map<String, String> updated) {
    return namespaces.update(name, removed, updated);
  }

  @Override
  public NamePage<TableIdentifier> tables(Namespace namespace, Optional<String> after, int limit) {
    return tables.list(namespace, after, limit);
  }

  @Override
  public TableMetadata table(TableIdentifier name) {
    return tables.load(name);
  }

  @Override
  public DatabaseName requireTable(TableIdentifier name) {
    return TableCalls.require(scope, name, CollectionKind.TABLE);
  }

  @Override
  public TableMetadata createTable(Namespace namespace, TableCreation creation) {
    return tables.create(namespace, creation);
  }

  @Override
  public TableMetadata stageTable(Namespace namespace, TableCreation creation) {
    return tables.stage(namespace, creation);
  }

  @Override
  public TableMetadata registerTable(
      Namespace namespace, String name, String metadataLocation, boolean overwrite) {
    return tables.register(namespace, name, metadataLocation, overwrite);
  }

  @Override
  public TableMetadata commit(TableUpdate update) {
    return tables.commit(update);
  }

  @Override
  public void commitAll(List<TableUpdate> updates) {
    var _ = tables.commitAll(updates);
  }

  @Override
  public Optional<JobId> dropTable(TableIdentifier name, boolean purge) {
    return tables.drop(name, purge);
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    tables.rename(from, to);
  }

  @Override
  public void requireMode(Set<AccessMode> modes) {
    files.requireMode(modes);
  }

  @Override
  public TableAccess access(TableIdentifier name, Set<AccessMode> modes) {
    return files.access(name, modes);
  }

  @Override
  public TableAccess accessStaged(
      TableIdentifier name, TableMetadata staged, Set<AccessMode> modes) {
    return files.accessStaged(name, staged, modes);
  }

  @Override
  public List<Credential> credentials(TableIdentifier name) {
    return files.credentials(name);
  }

  @Override
  public Signature sign(TableIdentifier name, RemoteSignRequest request) {
    return files.sign(name, request);
  }

  @Override
  public PlannedScan planScan(TableIdentifier name, PlanTableScanRequest request) {
    return scans.plan(name, request);
  }

  @Override
  public PlannedScan scanPlan(TableIdentifier name, String planId) {
    return scans.fetch(name, planId);
  }

  @Override
  public void cancelScanPlan(TableIdentifier name, String planId) {
    scans.cancel(name, planId);
  }

  @Override
  public PlannedScan scanTasks(TableIdentifier name, String planTask) {
    return scans.tasks(name, planTask);
  }

  @Override
  public NamePage<TableIdentifier> views(Namespace namespace, Optional<String> after, int limit) {
    return views.list(namespace, after, limit);
  }

  @Override
  public ViewMetadata view(TableIdentifier name) {
    return views.load(name);
  }

  @Override
  public void requireView(TableIdentifier name) {
    var _ = TableCalls.require(scope, name, CollectionKind.VIEW);
  }

  @Override
  public ViewMetadata createView(
      TableIdentifier name,
      Optional<String> location,
      Schema schema,
      ViewVersion version,
      Map<String, String> properties) {
    return views.create(name, location, schema, version, properties);
  }

  @Override
  public ViewMetadata registerView(Namespace namespace, String name, String metadataLocation) {
    return views.register(namespace, name, metadataLocation);
  }

  @Override
  public ViewMetadata commitView(TableUpdate update) {
    return views.commit(update);
  }

  @Override
  public void dropView(TableIdentifier name) {
    views.drop(name);
  }

  @Override
  public void renameView(TableIdentifier from, TableIdentifier to) {
    views.rename(from, to);
  }

  @Override
  public NamePage<TableIdentifier> genericTables(
      Namespace namespace, Optional<String> after, int limit) {
    return generics.list(namespace, after, limit);
  }

  @Override
  public GenericTable genericTable(TableIdentifier name) {
    return generics.load(name);
  }

  @Override
  public GenericTable createGenericTable(GenericTable table) {
    return generics.create(table);
  }

  @Override
  public void dropGenericTable(TableIdentifier name) {
    generics.drop(name);
  }

  @Override
  public NamePage<CatalogTask> tasks(
      Optional<CatalogTask.State> state, Optional<String> after, int limit) {
    return tasks.list(state, after, limit);
  }

  @Override
  public CatalogTask task(JobId id) {
    return tasks.get(id);
  }

  @Override
  public void cancelTask(JobId id) {
    tasks.cancel(id);
  }
}
