package dev.polder.engine.catalog;

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

/**
 * One tenant's part of one database for one principal, with the names of Iceberg: a namespace is a
 * schema, {@code a.b} inside {@code a}. What the principal has no grant on answers as if it were
 * not there, or {@code ACCESS_DENIED} where SQL does. Every failure is a {@code PolderException}.
 * Thread-safe.
 */
public interface GovernedCatalog {
  /** Names the space in paths: made of ids, so that it outlives a rename. */
  String prefix();

  /**
   * Begins a request that its client may send again under the same key, or says what became of it.
   *
   * @param fingerprint tells the request from others
   * @throws dev.polder.model.PolderException UNPROCESSABLE_REQUEST when the key was sent with
   *     another request, COMMIT_OUTCOME_UNKNOWN when the first attempt has not ended yet
   */
  RepeatableRequest repeatable(UUID key, String fingerprint);

  /** The parent's own children, by name; the parent empty: the first level's. */
  NamePage<Namespace> namespaces(Namespace parent, Optional<String> after, int limit);

  Map<String, String> namespace(Namespace name);

  void createNamespace(Namespace name, Map<String, String> properties);

  void dropNamespace(Namespace name);

  /** What an update of a namespace's properties did. */
  record PropertyChanges(List<String> updated, List<String> removed, List<String> missing) {}

  PropertyChanges updateNamespace(Namespace name, Set<String> removed, Map<String, String> updated);

  NamePage<TableIdentifier> tables(Namespace namespace, Optional<String> after, int limit);

  /** A table whose metadata the principal may have: no row filter and no mask stands before it. */
  TableMetadata table(TableIdentifier name);

  /**
   * Fails unless the principal may know of the table.
   *
   * @return the name of its database
   */
  DatabaseName requireTable(TableIdentifier name);

  TableMetadata createTable(Namespace namespace, TableCreation creation);

  /** What {@link #createTable} would make; the client commits it later by {@link #commit}. */
  TableMetadata stageTable(Namespace namespace, TableCreation creation);

  /**
   * Gives a table that was here a name again, at one of its versions.
   *
   * @param overwrite whether a table of that name gives way
   */
  TableMetadata registerTable(
      Namespace namespace, String name, String metadataLocation, boolean overwrite);

  TableMetadata commit(TableUpdate update);

  /** All of them in one commit, or none. */
  void commitAll(List<TableUpdate> updates);

  /**
   * Drops a table.
   *
   * @param purge whether its history is to end now and its files to go as soon as nothing else
   *     needs them
   * @return the task that does so
   */
  Optional<JobId> dropTable(TableIdentifier name, boolean purge);

  void renameTable(TableIdentifier from, TableIdentifier to);

  /** Fails unless the files can be opened to a client in one of these ways; none is one, too. */
  void requireMode(Set<AccessMode> modes);

  /**
   * How the client gets at the files of a table whose metadata the principal may have.
   *
   * @param modes those that the client knows; without any it is given nothing
   */
  TableAccess access(TableIdentifier name, Set<AccessMode> modes);

  /** The same for what {@link #stageTable} gave a place to, until it is committed. */
  TableAccess accessStaged(TableIdentifier name, TableMetadata staged, Set<AccessMode> modes);

  /** New keys for the files of a table, where the old ones end. */
  List<Credential> credentials(TableIdentifier name);

  /** Signs a request for a file of the table. */
  Signature sign(TableIdentifier name, RemoteSignRequest request);

  /** The files that a scan reads, or the first of them, of a table as {@link #table} gives it. */
  PlannedScan planScan(TableIdentifier name, PlanTableScanRequest request);

  /**
   * What {@link #planScan} has answered.
   *
   * @throws dev.polder.model.PolderException PLAN_NOT_FOUND
   */
  PlannedScan scanPlan(TableIdentifier name, String planId);

  /**
   * Tells that a plan is not needed any more.
   *
   * @throws dev.polder.model.PolderException PLAN_NOT_FOUND
   */
  void cancelScanPlan(TableIdentifier name, String planId);

  /**
   * More of a scan's files.
   *
   * @throws dev.polder.model.PolderException PLAN_TASK_NOT_FOUND
   */
  PlannedScan scanTasks(TableIdentifier name, String planTask);

  NamePage<TableIdentifier> views(Namespace namespace, Optional<String> after, int limit);

  ViewMetadata view(TableIdentifier name);

  /** Fails unless the principal may know of the view. */
  void requireView(TableIdentifier name);

  ViewMetadata createView(
      TableIdentifier name,
      Optional<String> location,
      Schema schema,
      ViewVersion version,
      Map<String, String> properties);

  /** Makes a view with the text of one that was here. */
  ViewMetadata registerView(Namespace namespace, String name, String metadataLocation);

  ViewMetadata commitView(TableUpdate update);

  void dropView(TableIdentifier name);

  void renameView(TableIdentifier from, TableIdentifier to);

  NamePage<TableIdentifier> genericTables(Namespace namespace, Optional<String> after, int limit);

  GenericTable genericTable(TableIdentifier name);

  GenericTable createGenericTable(GenericTable table);

  void dropGenericTable(TableIdentifier name);

  /** The principal's own background work in this database; its owners see all of it. */
  NamePage<CatalogTask> tasks(Optional<CatalogTask.State> state, Optional<String> after, int limit);

  CatalogTask task(JobId id);

  /** Ends a task that has not ended; its holder stops as soon as it can. */
  void cancelTask(JobId id);
}
