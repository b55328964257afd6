package dev.polder.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a server's {@code /metrics} say at one time. Immutable. */
record Scrape(List<String> lines) {
  static Scrape of(RunningServer server) {
    try (InputStream in = server.endpoints().http().resolve("/metrics").toURL().openStream()) {
      return new Scrape(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sum of a metric's series that have the labels; zero: there is none. */
  double value(String name, Map<String, String> labels) {
    return series(name).stream()
        .filter(line ->
            labels.entrySet().stream()
                .allMatch(it -> line.contains(it.getKey() + "=\"" + it.getValue() + "\"")))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The labels of a metric's series, as they are written. */
  List<String> labels(String name) {
    return series(name).stream()
        .map(line -> line.substring(name.length(), line.lastIndexOf(' ')))
        .toList();
  }

  private List<String> series(String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .toList();
  }
}
