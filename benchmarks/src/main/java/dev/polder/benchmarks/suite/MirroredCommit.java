package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.side.FlightConnection;
import dev.polder.benchmarks.side.ServerChild;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How long a commit takes beside one of a database without a mirror, where a mirror follows: in the
 * same server, or on another one of this machine, each asynchronously and synchronously. The
 * databases take turns. Stateless.
 */
final class MirroredCommit {
  private static final int WARM_UP = 20;
  private static final int ROUNDS = 100;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private enum Kind {
    NONE("no mirror", ""),
    ASYNC("an asynchronous mirror in the server", "MIRROR DATABASE %s FROM %s MODE = async"),
    SYNC("a synchronous mirror in the server", "MIRROR DATABASE %s FROM %s MODE = sync"),
    REMOTE_ASYNC(
        "an asynchronous mirror on another server", "MIRROR DATABASE %s FROM us.%s MODE = async"),
    REMOTE_SYNC(
        "a synchronous mirror on another server", "MIRROR DATABASE %s FROM us.%s MODE = sync");

    private final String words;
    private final String statement;

    Kind(String words, String statement) {
      this.words = words;
      this.statement = statement;
    }

    boolean isRemote() {
      return this == REMOTE_ASYNC || this == REMOTE_SYNC;
    }

    String source() {
      return "commits_" + name().toLowerCase(Locale.ROOT);
    }

    String mirror() {
      return "mirror_" + name().toLowerCase(Locale.ROOT);
    }
  }

  private MirroredCommit() {}

  static List<Figure> measure(Lab lab, PolderClient admin) throws Exception {
    lab.progress().step("committing with and without mirrors");
    Path data = lab.plan().directory().resolve("mirrors");
    try (ServerChild other = ServerChild.start(lab.plan().settings(data));
        PolderClient there = Lab.admin(other)) {
      String token = token(admin.execute("CREATE TOKEN mirrors"));
      there.execute(
          "CREATE CLUSTER us WITH (url = '" + lab.server().http() + "', token = '" + token + "')");
      Map<Kind, FlightConnection> sources = new EnumMap<>(Kind.class);
      try {
        for (Kind kind : Kind.values()) {
          sources.put(kind, open(lab, admin, there, kind));
        }
        return figures(times(lab, sources));
      } finally {
        for (FlightConnection source : sources.values()) {
          source.close();
        }
      }
    }
  }

  private static String token(QueryResult made) {
    List<String> names = made.columns().stream().map(it -> it.name()).toList();
    return made.rows().getFirst().get(names.indexOf("token")).asText();
  }

  private static FlightConnection open(Lab lab, PolderClient admin, PolderClient there, Kind kind)
      throws Exception {
    admin.execute("CREATE DATABASE " + kind.source() + " FOR TENANT " + Lab.TENANT);
    FlightConnection source = lab.flight(kind.source());
    source.update("CREATE TABLE ticks (id BIGINT)");
    if (kind != Kind.NONE) {
      PolderClient here = kind.isRemote() ? there : admin;
      here.execute(String.format(Locale.ROOT, kind.statement, kind.mirror(), kind.source()));
      awaitFollowing(here, kind.mirror());
      if (kind == Kind.REMOTE_SYNC) {
        awaitFollowing(admin, kind.source());
      }
    }
    return source;
  }

  /** The mirror says so, and a source of one that is waited for. */
  private static void awaitFollowing(PolderClient client, String database)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!isFollowing(client, database)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(database + " has no mirror that follows");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static boolean isFollowing(PolderClient client, String database) {
    try {
      return client.execute("SHOW DATABASE MIRROR STATUS FOR " + database).rows().stream()
          .anyMatch(row -> row.toString().contains("following"));
    } catch (ServerFailure e) {
      if (e.code().equals("NOT_A_MIRROR")) {
        return false;
      }
      throw e;
    }
  }

  private static Map<Kind, List<Double>> times(Lab lab, Map<Kind, FlightConnection> sources)
      throws Exception {
    Map<Kind, List<Double>> times = new EnumMap<>(Kind.class);
    int rounds = ROUNDS * lab.plan().runs();
    // What one leaves to be done would always fall on the same next one otherwise.
    List<Map.Entry<Kind, FlightConnection>> order = new ArrayList<>(sources.entrySet());
    Random random = new Random(1);
    for (int round = -WARM_UP; round < rounds; round++) {
      Collections.shuffle(order, random);
      for (Map.Entry<Kind, FlightConnection> source : order) {
        long begun = System.nanoTime();
        source.getValue().update("INSERT INTO ticks VALUES (" + round + ")");
        if (round >= 0) {
          times
              .computeIfAbsent(source.getKey(), ignored -> new ArrayList<>())
              .add((System.nanoTime() - begun) / 1e6);
        }
      }
      lab.progress().at(Math.max(0, round + 1), rounds);
    }
    return times;
  }

  private static List<Figure> figures(Map<Kind, List<Double>> times) {
    List<Figure> figures = new ArrayList<>();
    Samples alone = new Samples(Objects.requireNonNull(times.get(Kind.NONE)));
    times.forEach((kind, values) -> {
      Samples with = new Samples(values);
      figures.add(figure("p50", kind, with.median(), alone.median()));
      figures.add(figure("p99", kind, with.percentile(99), alone.percentile(99)));
    });
    return figures;
  }

  private static Figure figure(String which, Kind kind, double value, double alone) {
    String name = "commit, " + kind.words + ", " + which;
    return kind == Kind.NONE
        ? Figure.alone(name, "ms", Samples.of(value))
        : Figure.ratio(name, Samples.of(value), Samples.of(alone));
  }
}
