package dev.polder.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.table.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private final StringWriter err = new StringWriter();
  private final Screen screen =
      new Screen(
          new PrintWriter(new StringWriter(), true),
          new PrintWriter(err, true),
          Style.PLAIN,
          false);

  @Test
  void whatTakesLongIsToldOfBesideTheResult() throws Exception {
    CountDownLatch asked = new CountDownLatch(3);
    AtomicInteger count = new AtomicInteger();
    try (ProgressLines _ =
        new ProgressLines(
            screen,
            () -> {
              asked.countDown();
              return count.incrementAndGet() == 1 ? Optional.empty() : Optional.of("verify: some");
            },
            Duration.ZERO,
            Duration.ofMillis(1))) {
      asked.await();
    }
    assertThat(err.toString().lines().findFirst()).contains("verify: some");
  }

  @Test
  void whatIsQuickIsNotToldOf() {
    new ProgressLines(screen, () -> Optional.of("never"), Duration.ofHours(1), Duration.ofHours(1))
        .close();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theNewestRunningJobOfTheKindIsMeant() {
    QueryResult jobs =
        new QueryResult(
            List.of(),
            List.of(
                job("verify", "succeeded", 9),
                job("verify", "running", 20_000),
                job("backup", "running", 1)),
            null,
            1,
            List.of());
    assertThat(new JobProgress(ProgressLinesTest::none, "verify").of(jobs))
        .contains("verify: 20,000 of 50,000 records");
    assertThat(new JobProgress(ProgressLinesTest::none, "restore").of(jobs)).isEmpty();
  }

  private static List<JsonNode> job(String kind, String state, long done) {
    return Stream.of("id", kind, state, "prod", "{\"records\":50000,\"records_done\":" + done + "}")
        .<JsonNode>map(TextNode::new)
        .toList();
  }

  private static PolderClient none() {
    throw new AssertionError("nobody is asked");
  }
}
