package dev.polder.benchmarks.side;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.server.PortsFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Reads what {@code ports.json} says beyond the HTTP address. Stateless. */
final class ServerPorts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ServerPorts() {}

  static URI flight(Path dataDirectory) throws IOException {
    return URI.create(
        JSON.readTree(PortsFile.in(dataDirectory).toFile()).path("flightUrl").asText());
  }
}
