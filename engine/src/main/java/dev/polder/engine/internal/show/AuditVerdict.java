package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.maintenance.VerifyJobs;
import dev.polder.metastore.audit.AuditVerification;
import dev.polder.sql.statement.DatabaseRef;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What AUDIT VERIFY answers. The chain is read a part at a time, so it may be long, and the
 * statement can be cancelled. Who keeps the head elsewhere knows later whether anything before it
 * was changed. Stateless.
 */
final class AuditVerdict {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("database"),
          Table.number("rows_checked"),
          Table.flag("intact"),
          Table.number("first_broken_seq"),
          Table.number("head_seq"),
          Table.text("head_hash"));

  private static final int BATCH = 1_000;

  /** What is longer may take seconds: it is a job, so that its progress is seen. */
  private static final int SHORT = 20_000;

  private AuditVerdict() {}

  static Table of(Work work, Optional<DatabaseRef> database) {
    AuditChain chain = work.read(tx -> AuditChain.readable(work, tx, database));
    AuditVerification verification = new AuditVerification(chain.database());
    long length = work.read(tx -> tx.audit().head(chain.database())).seq();
    if (length <= SHORT) {
      verify(work, verification, done -> {});
    } else {
      new VerifyJobs(work.context().engine().metastore())
          .run(
              chain.name().orElse("server"),
              length,
              progress -> verify(work, verification, progress));
    }
    Long broken =
        verification.firstBroken().isPresent() ? verification.firstBroken().getAsLong() : null;
    Table rows = Table.of(COLUMNS);
    rows.add(
        chain.name().orElse(null),
        verification.head().seq(),
        broken == null,
        broken,
        verification.head().seq(),
        verification.head().hash());
    return rows;
  }

  private static void verify(Work work, AuditVerification verification, LongConsumer progress) {
    while (work.<Boolean>read(tx -> verification.next(tx.audit(), BATCH))) {
      work.context().cancellation().check();
      progress.accept(verification.head().seq());
    }
    progress.accept(verification.head().seq());
  }
}
