package dev.polder.lake.mirror;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.LakeOptions;
import dev.polder.model.DatabaseName;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that begins its answers and never ends them. */
@Timeout(60)
final class RemoteSourceTest {
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket server;
  private RemoteSource source;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::answer);
    source =
        new RemoteSource(
            "http://127.0.0.1:" + server.getLocalPort(),
            Secret.of("t"),
            new DatabaseName("prod"),
            LakeOptions.authorities(),
            RemoteSource.ANSWER,
            Duration.ofMillis(500));
  }

  @AfterEach
  void stop() throws IOException {
    source.close();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void answer() {
    try {
      while (!server.isClosed()) {
        Socket client = server.accept();
        open.add(client);
        client
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a"
                    .getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
      }
    } catch (IOException e) {
      open.forEach(socket -> Thread.currentThread().interrupt());
    }
  }

  @Test
  void aFileOfWhichNothingMoreComesEndsWithAFailure() throws IOException {
    try (InputStream file = source.file("x", 0)) {
      assertThatThrownBy(file::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("sent nothing");
    }
  }

  @Test
  void anAnswerOfWhichNothingMoreComesEndsWithAFailure() {
    assertThatThrownBy(() -> source.changes(1, 1, 1, Optional.empty()))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("sent nothing");
  }
}
