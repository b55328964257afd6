package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Goal;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.side.FlightConnection;
import dev.polder.benchmarks.side.Recording;
import dev.polder.server.client.PolderClient;
import java.util.List;
import java.util.Locale;

/**
 * What it costs a statement to be held to quotas, as the server records it itself: all steps of
 * admission together. Stateless.
 */
final class QuotaBenchmark {
  private static final int STATEMENTS = 2_000;
  private static final double GOAL_MICROS = 50;

  private QuotaBenchmark() {}

  static Section run(Lab lab) throws Exception {
    lab.progress().step("admitting statements");
    try (PolderClient admin = lab.admin();
        FlightConnection flight = lab.flight()) {
      flight.update("CREATE TABLE quota_orders (order_id BIGINT, amount DOUBLE)");
      flight.update("INSERT INTO quota_orders SELECT i, i * 0.5 FROM range(1000) r(i)");
      double without = micros(lab, flight, "without");
      set(admin, 1L << 40, 1_000_000);
      double with = micros(lab, flight, "with");
      set(admin, 0, 0);
      return new Section(
          "Admission of a statement",
          List.of(
              Figure.alone("without quotas", "µs", Samples.of(without)),
              Figure.alone("with quotas of database and tenant", "µs", Samples.of(with))
                  .withGoal(Goal.atMost(GOAL_MICROS, with, " µs"))),
          List.of(
              String.format(
                  Locale.ROOT,
                  "mean of %,d statements; rate, time, priority and the instance's limits, each"
                      + " step with the recording's own cost",
                  STATEMENTS)));
    }
  }

  /** Limits that nothing here comes near; zero: none. */
  private static void set(PolderClient admin, long bytes, long number) {
    String limits =
        String.format(
            Locale.ROOT,
            " SET QUOTA (max_memory_bytes = %d, max_storage_bytes = %<d, max_temp_disk_bytes = %<d,"
                + " max_qps = %d, max_connections = %<d, max_statement_seconds = %<d)",
            bytes,
            number);
    admin.execute("ALTER DATABASE " + Lab.DATABASE + limits);
    admin.execute("ALTER TENANT " + Lab.TENANT + " IN DATABASE " + Lab.DATABASE + limits);
  }

  private static double micros(Lab lab, FlightConnection flight, String name) throws Exception {
    statements(lab, flight);
    try (Recording recording =
        Recording.start(
            lab.server(), "dev.polder.Admit", lab.scratch().resolve(name + "-quotas.jfr"))) {
      statements(lab, flight);
      return recording.millis().values().stream().mapToDouble(value -> value).sum()
          * 1_000
          / STATEMENTS;
    }
  }

  private static void statements(Lab lab, FlightConnection flight) throws Exception {
    for (int i = 0; i < STATEMENTS; i++) {
      flight.read("SELECT amount FROM quota_orders WHERE order_id = " + i % 1_000, false);
      lab.progress().at(i, STATEMENTS);
    }
  }
}
