package dev.polder.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * {@code ports.json} in the data directory: where the server that uses the directory listens. It
 * appears when the server is ready and is removed when it ends.
 */
public final class PortsFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PortsFile() {}

  public static Path in(Path dataDir) {
    return dataDir.resolve("ports.json");
  }

  /** Writes the file at once: a reader sees the old one or the whole new one. */
  public static void write(Path dataDir, Endpoints endpoints) {
    ObjectNode ports = JSON.createObjectNode();
    ports.put("http", endpoints.http().getPort());
    ports.put("flight", endpoints.flight().getPort());
    ports.put("httpUrl", endpoints.http().toString());
    ports.put("flightUrl", endpoints.flight().toString());
    ports.put("pid", ProcessHandle.current().pid());
    Path partial = dataDir.resolve("ports.json.partial");
    try {
      Files.createDirectories(dataDir);
      Files.writeString(partial, ports.toPrettyString() + "\n");
      Files.move(
          partial,
          in(dataDir),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + in(dataDir), e);
    }
  }

  public static void remove(Path dataDir) {
    try {
      Files.deleteIfExists(in(dataDir));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + in(dataDir), e);
    }
  }

  /** The HTTP door of the server that uses the directory, if one says that it runs. */
  public static Optional<URI> httpUrl(Path dataDir) {
    Path file = in(dataDir);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode url = JSON.readTree(Files.readString(file)).path("httpUrl");
      return url.isTextual() ? Optional.of(URI.create(url.asText())) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
