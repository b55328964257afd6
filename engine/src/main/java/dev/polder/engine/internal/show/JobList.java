package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.Page;
import dev.polder.metastore.job.Job;
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
                job.payload(),
                job.progress().orElse(null),
                (long) job.attempts(),
                job.error().orElse(null),
                job.createdAt(),
                job.runAt(),
                time(job.finishedAt())));
    return rows;
  }

  private static @Nullable Long time(OptionalLong micros) {
    return micros.isPresent() ? Long.valueOf(micros.getAsLong()) : null;
  }
}
