package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.lake.TimeTravel;
import dev.polder.lake.lineage.CloneRequest;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.commit.Usage;
import dev.polder.metastore.lineage.Lineage;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.policy.DatabaseOperation;
import dev.polder.sql.statement.DatabaseStatement.AsOf;
import dev.polder.sql.statement.DatabaseStatement.CloneDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** CLONE, RESET and SHOW LINEAGE: a superuser's work but for the last. Stateless. */
final class CloneStatements {
  static final List<Header> LINEAGE =
      List.of(
          Table.number("database_id"),
          Table.text("name"),
          Table.text("kind"),
          Table.number("as_of"),
          Table.number("created_at_commit"),
          Table.time("created_at"));
  static final List<Header> DRY_RUN =
      List.of(
          Table.number("tables"),
          Table.number("views"),
          Table.number("files"),
          Table.number("bytes"),
          Table.number("depth"),
          Table.text("dependents"));

  private CloneStatements() {}

  static Result create(Work work, CloneDatabase clone) {
    DatabaseOptions options = DatabaseOptions.ofClone(clone.options());
    if (clone.dryRun()) {
      return dryRun(work, clone);
    }
    return work.change(
        clone.ifNotExists(),
        ErrorCode.DATABASE_EXISTS,
        tx -> {
          Database made = create(work, tx, clone);
          options.apply(tx, made.id(), work.actor().name());
          return made;
        });
  }

  private static Database create(Work work, MetastoreTransaction tx, CloneDatabase clone) {
    work.gate(tx).require(DatabaseOperation.CLONE);
    Database source =
        tx.databases()
            .find(clone.source())
            .orElseThrow(() -> DatabaseStatements.notFound(clone.source()));
    Database made =
        work.context()
            .engine()
            .lake()
            .clones()
            .create(
                tx,
                new CloneRequest(
                    clone.source(),
                    clone.database(),
                    clone.asOf().map(CloneStatements::moment),
                    Optional.of(work.actor().name()),
                    work.sessionTenant()));
    Lineage lineage = tx.lineage().parent(made.id()).orElseThrow();
    Map<String, String> detail =
        Map.of(
            "source",
            source.name().value(),
            "source_database",
            source.id().toString(),
            "clone_database",
            made.id().toString(),
            "as_of",
            Long.toString(lineage.parentSeq()));
    for (DatabaseId chain : List.of(made.id(), source.id())) {
      DatabaseStatements.audit(
          work, tx, chain, EventType.DATABASE_CLONED, clone.database(), detail);
    }
    return made;
  }

  private static TimeTravel moment(AsOf asOf) {
    return switch (asOf) {
      case AsOf.Time(var instant) ->
          new TimeTravel.AtMicros(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
      case AsOf.Version(var seq) -> new TimeTravel.AtSeq(seq);
    };
  }

  /** Clones, counts, and takes it back. */
  private static Result dryRun(Work work, CloneDatabase clone) {
    Table rows = Table.of(DRY_RUN);
    AtomicReference<List<Object>> counted = new AtomicReference<>();
    try {
      work.write(tx -> {
        counted.set(count(tx, create(work, tx, clone)));
        throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "a dry run leaves nothing");
      });
    } catch (PolderException e) {
      List<Object> values = counted.get();
      if (values == null) {
        throw e;
      }
      rows.add(values.toArray());
    }
    return rows.answer(work.context());
  }

  private static List<Object> count(MetastoreTransaction tx, Database made) {
    long tables = 0;
    long views = 0;
    for (SpaceKey space : DatabaseLifecycle.spaces(tx, made.id())) {
      tables += tx.collections().count(space, CollectionKind.TABLE);
      views += tx.collections().count(space, CollectionKind.VIEW);
    }
    Usage usage = tx.storage().usage(made.id());
    List<Lineage> ancestors = tx.lineage().ancestors(made.id());
    String dependents =
        tx.lineage().children(ancestors.getFirst().parent()).stream()
            .map(child -> tx.databases().get(child.child()))
            .filter(child -> child.droppedAt().isEmpty() && !child.id().equals(made.id()))
            .map(child -> child.name().value())
            .collect(Collectors.joining(", "));
    return List.of(
        tables,
        views,
        usage.sharedFiles(),
        usage.sharedBytes(),
        (long) ancestors.size(),
        dependents);
  }

  static Result reset(Work work, DatabaseName name) {
    work.write(tx -> {
      work.gate(tx).require(DatabaseOperation.RESET);
      Database clone =
          tx.databases().find(name).orElseThrow(() -> DatabaseStatements.notFound(name));
      Database source =
          work.context()
              .engine()
              .lake()
              .clones()
              .reset(tx, clone, Optional.of(work.actor().name()), work.sessionTenant());
      DatabaseStatements.audit(
          work,
          tx,
          clone.id(),
          EventType.DATABASE_RESET,
          name,
          Map.of("source", source.name().value(), "as_of", Long.toString(source.commitSeq())));
      return clone;
    });
    return work.done();
  }

  /** The database itself, then what it comes from, nearest first. */
  static Table lineage(Work work, DatabaseName name) {
    return work.read(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.SHOW, name);
      Table rows = Table.of(LINEAGE);
      tx.lineage()
          .independence(database.id())
          .ifPresent(independence ->
              work.context()
                  .notice(
                      "MATERIALIZED",
                      "the history of "
                          + database.name()
                          + " before it was materialized at "
                          + independence.at()
                          + ", in "
                          + tx.databases().get(independence.source()).name()
                          + ", ended with that"));
      List<Lineage> ancestors = tx.lineage().ancestors(database.id());
      Database of = database;
      for (Lineage step : ancestors) {
        rows.add(
            of.id().value(),
            of.name().value(),
            step.kind().name().toLowerCase(Locale.ROOT),
            step.parentSeq(),
            step.firstSeq(),
            of.createdAt());
        of = tx.databases().get(step.parent());
      }
      rows.add(of.id().value(), of.name().value(), "root", null, null, of.createdAt());
      return rows;
    });
  }
}
