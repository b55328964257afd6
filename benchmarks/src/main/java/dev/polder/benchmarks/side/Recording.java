package dev.polder.benchmarks.side;

import dev.polder.benchmarks.harness.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording of one kind of event in the server's process. Closing ends it. */
public final class Recording implements AutoCloseable {
  private final long process;
  private final String event;
  private final Path file;

  private Recording(long process, String event, Path file) {
    this.process = process;
    this.event = event;
    this.file = file;
  }

  public static Recording start(ServerChild server, String event, Path file) throws Exception {
    Files.deleteIfExists(file);
    Recording recording = new Recording(server.processId(), event, file);
    recording.command(
        "JFR.start", "name=benchmark", "settings=none", "+" + event + "#enabled=true");
    return recording;
  }

  /** How long each event until now took, in milliseconds. */
  public Samples millis() throws Exception {
    command("JFR.dump", "name=benchmark", "filename=" + file);
    List<Double> millis = new ArrayList<>();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent next = events.readEvent();
        if (next.getEventType().getName().equals(event)) {
          millis.add(next.getDuration().toNanos() / 1e6);
        }
      }
    }
    return new Samples(millis);
  }

  @Override
  public void close() throws IOException {
    command("JFR.stop", "name=benchmark");
  }

  private void command(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(process));
    command.addAll(List.of(words));
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (started.waitFor() != 0) {
        throw new IOException("jcmd failed: " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + String.join(" ", command), e);
    }
  }
}
