package dev.polder.maintenance;

import dev.polder.metastore.Metastore;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Verifications of long audit chains while statements wait for them, as jobs that are seen with
 * their progress. Thread-safe.
 */
public final class VerifyJobs {
  static final String KIND = "verify";

  private final Metastore metastore;

  public VerifyJobs(Metastore metastore) {
    this.metastore = metastore;
  }

  /**
   * Does the work.
   *
   * @param what whose chain it is
   * @param records how long the chain is
   * @param work is given what hears how many records are done
   */
  public void run(String what, long records, Consumer<LongConsumer> work) {
    StatementJob.run(
        metastore,
        KIND,
        what,
        Optional.empty(),
        report -> {
          work.accept(
              done -> report.accept("{\"records\":" + records + ",\"records_done\":" + done + "}"));
          return what;
        });
  }
}
