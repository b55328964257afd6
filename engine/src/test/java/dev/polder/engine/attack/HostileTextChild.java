package dev.polder.engine.attack;

import static dev.polder.engine.EngineHarness.run;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.engine.attack.HostileTexts.HostileText;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Runs hostile statements in a process of its own and prints those that ended wrongly. The file
 * {@code running} holds the number of the one that runs, for when none can be printed any more.
 */
final class HostileTextChild {
  private static final String PASSWORD = "a long test password";
  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Far above what a loaded machine adds to the timeout; what takes longer is not bounded. */
  private static final Duration UNBOUNDED = Duration.ofSeconds(60);

  private final EngineHarness harness;
  private final Path running;
  private final Map<ErrorCode, Integer> codes = new TreeMap<>();
  private Session[] sessions = {};
  private int results;

  private HostileTextChild(Path directory) {
    harness = new EngineHarness(directory);
    running = directory.resolve("running");
    Session admin = harness.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE db FOR TENANT acme WITH (kind = 'lake')");
    run(admin, "CREATE USER boss PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT ROLE tenant_admin TO USER boss");
    run(admin, "GRANT ALL ON DATABASE db TENANT acme TO USER boss");
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    Session boss = open("boss");
    run(boss, "CREATE ROLE reader");
    prepare(boss);
  }

  /** What the statements name; they may have dropped it. */
  private static void prepare(Session boss) {
    run(boss, "CREATE SCHEMA IF NOT EXISTS own");
    run(boss, "CREATE TABLE IF NOT EXISTS own.o (x INT, y VARCHAR)");
    run(boss, "CREATE TABLE IF NOT EXISTS mine (x INT, y VARCHAR)");
    run(boss, "CREATE OR REPLACE TABLE mine AS SELECT 1 AS x, 'one' AS y");
    run(boss, "GRANT SELECT, INSERT, UPDATE, DELETE ON mine TO USER ann");
    run(boss, "GRANT ALL ON SCHEMA own TO USER ann");
  }

  private Session open(String user) {
    return harness.open(user, PASSWORD, "db");
  }

  public static void main(String[] arguments) throws Exception {
    HostileTexts texts = new HostileTexts(Long.parseLong(arguments[1]));
    int from = Integer.parseInt(arguments[2]);
    int to = Integer.parseInt(arguments[3]);
    HostileTextChild child = new HostileTextChild(Path.of(arguments[0]));
    for (int number = from; number < to; number++) {
      if (number % 100 == from % 100) {
        child.renew();
      }
      child.attack(number, texts.at(number));
    }
    child.requireAlive();
    System.out.println("results: " + child.results + ", refusals: " + child.codes);
    System.out.println("alive after " + (to - from));
    child.harness.close();
  }

  /** New sessions and the tables as they were, within what a tenant's administrator may do. */
  private void renew() {
    for (Session session : sessions) {
      session.close();
    }
    Session boss = open("boss");
    prepare(boss);
    sessions = new Session[] {boss, open("ann")};
  }

  private void attack(int number, HostileText hostile) throws Exception {
    Files.writeString(running, number + " " + hostile.name());
    long start = System.nanoTime();
    try {
      drain(sessions[number % sessions.length], hostile.text());
      results++;
    } catch (PolderException e) {
      codes.merge(e.code(), 1, Integer::sum);
      if (e.code() == ErrorCode.INTERNAL_ERROR || e.code() == ErrorCode.INSTANCE_FAILED) {
        wrong(number, hostile, e.code() + " " + e.getMessage() + " caused by " + e.getCause());
      } else if (e.code() == ErrorCode.SESSION_NOT_FOUND
          || e.code() == ErrorCode.AUTHENTICATION_FAILED) {
        renew();
      }
    } catch (RuntimeException | Error e) {
      wrong(number, hostile, e.toString());
      e.printStackTrace(System.out);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (took.compareTo(SLOW) > 0) {
      System.out.printf("slow: %d (%s) took %d ms%n", number, hostile.name(), took.toMillis());
    }
    if (took.compareTo(UNBOUNDED) > 0) {
      wrong(number, hostile, "took " + took.toMillis() + " ms despite its timeout");
    }
    if (number % 10 == 0) {
      requireAlive();
    }
  }

  private static void drain(Session session, String text) {
    StatementOptions options = new StatementOptions(UUID.randomUUID(), Optional.of(TIMEOUT));
    try (Result result = session.execute(text, List.of(), options)) {
      if (result instanceof Result.Rows rows) {
        while (rows.next()) {
          rows.root().getRowCount();
        }
      }
    }
  }

  private void requireAlive() {
    try (Session fresh = open("ann")) {
      if (!run(fresh, "SELECT 1 AS one").equals(List.of(Map.of("one", 1)))) {
        throw new AssertionError("SELECT 1 has another answer");
      }
    }
  }

  private static void wrong(int number, HostileText hostile, String what) {
    String text = hostile.text();
    System.out.printf(
        "WRONG %d (%s): %s%n  %s%n",
        number,
        hostile.name(),
        what,
        text.length() > 300 ? text.substring(0, 300) + "… " + text.length() : text);
  }
}
