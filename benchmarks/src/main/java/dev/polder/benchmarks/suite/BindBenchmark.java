package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Goal;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.side.FlightConnection;
import dev.polder.benchmarks.side.Recording;
import java.util.List;
import java.util.Locale;

/** The server's own time before DuckDB gets a query, as it records it itself. Stateless. */
final class BindBenchmark {
  private static final int STATEMENTS = 600;
  private static final double GOAL_MILLIS = 3;

  private BindBenchmark() {}

  static Section run(Lab lab) throws Exception {
    lab.progress().step("binding statements");
    try (FlightConnection flight = lab.flight()) {
      flight.update("CREATE TABLE bind_orders (order_id BIGINT, customer BIGINT, amount DOUBLE)");
      flight.update("CREATE TABLE bind_customers (customer BIGINT, name VARCHAR)");
      flight.update("INSERT INTO bind_orders SELECT i, i % 100, i * 0.5 FROM range(10000) r(i)");
      flight.update("INSERT INTO bind_customers SELECT i, 'name-' || i FROM range(100) r(i)");
      statements(lab, flight, STATEMENTS);
      Samples millis;
      try (Recording recording =
          Recording.start(lab.server(), "dev.polder.Bind", lab.scratch().resolve("bind.jfr"))) {
        statements(lab, flight, STATEMENTS);
        millis = recording.millis();
      }
      Samples median = Samples.of(millis.median());
      double worst = millis.percentile(99);
      return new Section(
          "Analysis, authorisation and binding of a statement",
          List.of(
              Figure.alone("p50", "ms", median),
              Figure.alone("p99", "ms", Samples.of(worst))
                  .withGoal(Goal.atMost(GOAL_MILLIS, worst, " ms"))),
          List.of(
              String.format(
                  Locale.ROOT,
                  "%,d bindings of %,d statements with different texts, two for each: to describe"
                      + " it and to run it",
                  millis.values().size(),
                  STATEMENTS)));
    }
  }

  /** Lookups, aggregates and joins in turn, no text twice. */
  private static void statements(Lab lab, FlightConnection flight, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      // A literal that no earlier statement had: nothing is known of the text.
      String literal = Long.toString(System.nanoTime());
      flight.read(
          switch (i % 3) {
            case 0 -> "SELECT * FROM bind_orders WHERE order_id = " + literal;
            case 1 ->
                "SELECT customer, count(*), sum(amount) FROM bind_orders WHERE amount < "
                    + literal
                    + " GROUP BY customer ORDER BY 3 DESC LIMIT 10";
            default ->
                "SELECT c.name, sum(o.amount) FROM bind_orders o JOIN bind_customers c"
                    + " ON o.customer = c.customer WHERE o.order_id < "
                    + literal
                    + " GROUP BY ALL";
          },
          false);
      lab.progress().at(i, count);
    }
  }
}
