package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.maintenance.Materialization;
import dev.polder.maintenance.Purge;
import dev.polder.maintenance.Relocation;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.job.Job;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What SHOW JOBS answers: the background work of all servers, for a superuser. Stateless. */
final class JobList {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("id"),
          Table.text("kind"),
          Table.text("state"),
          Table.text("payload"),
          Table.text("progress"),
          Table.number("attempts"),
          Table.text("error"),
          Table.time("created_at"),
          Table.time("run_at"),
          Table.time("finished_at"));

  private JobList() {}

  static Table of(Work work) {
    Table rows = Table.of(COLUMNS);
    if (!work.actor().superuser()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED, "only a superuser may see the background work");
    }
    Work.<Job>each(
        after -> work.read(tx -> tx.jobs().list(after, Page.MAX_LIMIT)),
        job ->
            rows.add(
                job.id().value(),
                job.kind(),
                job.state().name().toLowerCase(Locale.ROOT),
                work.read(tx -> payload(tx, job)),
                job.progress().orElse(null),
                (long) job.attempts(),
                job.error().orElse(null),
                job.createdAt(),
                job.runAt(),
                time(job.finishedAt())));
    return rows;
  }

  /** With databases by their names. */
  private static String payload(MetastoreTransaction tx, Job job) {
    String[] parts = job.payload().split(" ", -1);
    return switch (job.kind()) {
      case Relocation.KIND ->
          parts[2] + " from " + name(tx, parts[0]) + " to " + name(tx, parts[1]);
      case Materialization.KIND ->
          name(tx, parts[0]) + (parts.length == 1 ? "" : " for " + parts[1]);
      case Purge.KIND -> Purge.table(job.payload());
      default -> job.payload();
    };
  }

  private static String name(MetastoreTransaction tx, String id) {
    return tx.databases()
        .find(new DatabaseId(Long.parseLong(id)))
        .map(database -> database.name().value())
        .orElse(id);
  }

  private static @Nullable Long time(OptionalLong micros) {
    return micros.isPresent() ? Long.valueOf(micros.getAsLong()) : null;
  }
}
