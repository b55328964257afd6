package dev.polder.duck;

import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A program that throws statements at an instance which would end a JVM with usual stacks. */
final class HostileStatements {
  private HostileStatements() {}

  public static void main(String[] arguments) throws Exception {
    List<String> statements =
        List.of(
            "SELECT * FROM (".repeat(900) + "SELECT 1" + ")".repeat(900),
            "SELECT " + "CASE WHEN true THEN ".repeat(1_500) + "1" + " END".repeat(1_500),
            "SELECT " + "[".repeat(1_500) + "1" + "]".repeat(1_500),
            "SELECT " + "(".repeat(5_000) + "1" + ")".repeat(5_000),
            "SELECT " + "- ".repeat(5_000) + "1",
            "SELECT " + "NOT ".repeat(5_000) + "true",
            "SELECT 1" + " + 1".repeat(5_000),
            "SELECT true" + " AND true".repeat(5_000),
            "SELECT * FROM range(1)" + " JOIN range(1) USING (range)".repeat(400),
            "SELECT 1" + " UNION ALL SELECT 1".repeat(1_500),
            "SELECT " + "(SELECT ".repeat(900) + "1" + ")".repeat(900),
            "SELECT " + "abs(".repeat(3_000) + "1" + ")".repeat(3_000),
            "SELECT 1::INTEGER" + "[]".repeat(2_000),
            "SELECT '" + "x".repeat(2_000_000) + "'",
            "SELECT " + "1,".repeat(50_000) + "1",
            "SELECT 1 IN (" + "1,".repeat(50_000) + "1)",
            "(".repeat(20_000),
            "SELECT \0 \uD800 \uFFFF");
    int refused = 0;
    int answered = 0;
    try (Engine engine = new Engine(Path.of(arguments[0]));
        DuckParser parser = new DuckParser(engine.threads);
        ScheduledExecutorService limits = Executors.newSingleThreadScheduledExecutor()) {
      for (String sql : statements) {
        try {
          var _ = parser.parse(sql);
          answered++;
        } catch (PolderException e) {
          refused++;
        }
        try (InstanceConnection connection = engine.instance.connect()) {
          Cancellation limit = new Cancellation();
          connection.cancelWith(limit);
          var _ = limits.schedule(() -> limit.cancel(), 5, TimeUnit.SECONDS);
          var _ = connection.rows(sql, List.of());
          answered++;
        } catch (PolderException e) {
          refused++;
        }
      }
      if (!engine.rows("SELECT 42").equals(List.of(List.of(42)))) {
        throw new AssertionError("the instance no longer answers");
      }
    }
    System.out.println("alive after " + answered + " answers and " + refused + " refusals");
  }
}
