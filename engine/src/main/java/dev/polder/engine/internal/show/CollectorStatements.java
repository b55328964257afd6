package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.lake.collect.CollectPreview;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.collect.CollectedFile;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.OperationStatement;
import java.util.List;
import java.util.Optional;

/** What the collector would take and what it took: for superusers. Stateless. */
final class CollectorStatements {
  static final List<Header> PREVIEW =
      List.of(
          Table.text("database"),
          Table.flag("purged"),
          Table.number("versions"),
          Table.number("files"),
          Table.number("bytes"),
          Table.flag("complete"));
  static final List<Header> JOURNAL =
      List.of(
          Table.text("path"),
          Table.number("database_id"),
          Table.time("condemned_at"),
          Table.time("collected_at"),
          Table.time("deleted_at"));

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;

  private CollectorStatements() {}

  static Table preview(Work work, DatabaseName name) {
    DatabaseId database = work.read(tx -> superusers(work, tx, name));
    CollectPreview preview = work.context().engine().lake().collector().preview(database);
    Table rows = Table.of(PREVIEW);
    rows.add(
        name.value(),
        preview.purged(),
        preview.versions(),
        preview.files(),
        preview.bytes(),
        preview.complete());
    return rows;
  }

  static Table journal(Work work, OperationStatement.ShowCollected show) {
    int limit = Math.clamp(show.limit().orElse(DEFAULT_LIMIT), 0, MAX_LIMIT);
    return work.read(tx -> {
      requireSuperuser(work);
      Optional<DatabaseId> database = show.database().map(name -> superusers(work, tx, name));
      Table rows = Table.of(JOURNAL);
      for (CollectedFile file : tx.collect().newest(database, limit)) {
        rows.add(
            file.path(),
            file.database().value(),
            file.condemnedAt(),
            file.collectedAt(),
            file.deletedAt().isPresent() ? Long.valueOf(file.deletedAt().getAsLong()) : null);
      }
      return rows;
    });
  }

  /** A dropped database has files too. */
  private static DatabaseId superusers(Work work, MetastoreTransaction tx, DatabaseName name) {
    requireSuperuser(work);
    return tx.databases()
        .find(name)
        .or(() -> tx.databases().findDropped(name))
        .map(Database::id)
        .orElseThrow(() -> DatabaseStatements.notFound(name));
  }

  private static void requireSuperuser(Work work) {
    if (!work.actor().superuser()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED, "only a superuser may see what the collector takes");
    }
  }
}
