package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A server with a database {@code prod}, another one that knows it as cluster {@code us}, and a
 * network between them that can be cut.
 */
final class TwoServers implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(90);

  final RunningServer there;
  final RunningServer here;
  final CuttableProxy network;
  final PolderClient source;
  final PolderClient mirror;
  final String token;

  TwoServers(Path directory) {
    there = LocalServers.start(directory.resolve("there"), Map.of());
    here = LocalServers.start(directory.resolve("here"), Map.of());
    network = new CuttableProxy(there.endpoints().http().getPort());
    source = LocalServers.admin(there);
    mirror = LocalServers.admin(here);
    source.execute("CREATE DATABASE prod");
    source.execute("USE prod");
    source.execute("CREATE TABLE orders (id INTEGER, amount INTEGER)");
    source.execute("INSERT INTO orders SELECT range, 10 FROM range(100)");
    token = text(source.execute("CREATE TOKEN mirrors"), "token");
    mirror.execute(
        "CREATE CLUSTER us WITH (url = '" + network.url() + "', token = '" + token + "')");
  }

  /** One column of a result's first row. */
  static String text(QueryResult result, String column) {
    List<String> names = result.columns().stream().map(it -> it.name()).toList();
    return result.rows().getFirst().get(names.indexOf(column)).asText();
  }

  static void refused(String code, Runnable statement) {
    assertThatThrownBy(statement::run)
        .isInstanceOfSatisfying(
            ServerFailure.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  /** Of the mirror {@code copy}. */
  String status(String column) {
    return text(mirror.execute("SHOW DATABASE MIRROR STATUS FOR copy"), column);
  }

  void awaitStatus(String status) {
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(status("status")).isEqualTo(status));
  }

  /** Of the first synchronous mirror that the source knows. */
  String follower(String column) {
    return text(source.execute("SHOW DATABASE MIRROR STATUS FOR prod"), column);
  }

  void awaitFollower(String status) {
    Awaitility.await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(follower("status")).isEqualTo(status));
  }

  /** Waits until a query in the mirror's session answers so. */
  void awaitValue(String sql, String value) {
    Awaitility.await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(LocalServers.value(mirror, sql)).isEqualTo(value));
  }

  /** Makes the mirror {@code copy} and goes to it. */
  void follow() {
    mirror.execute("MIRROR DATABASE copy FROM us.prod");
    awaitStatus("following");
    mirror.execute("USE copy");
  }

  @Override
  public void close() throws IOException {
    mirror.close();
    source.close();
    network.close();
    here.close();
    there.close();
  }
}
