package dev.polder.server.cli;

import dev.polder.server.Endpoints;
import dev.polder.server.PortsFile;
import dev.polder.server.RunningServer;
import dev.polder.server.ServerStarter;
import dev.polder.server.config.Configuration;
import dev.polder.server.logging.Logging;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server together with the process that it lives in: it ends with the process, however that is
 * told to end, and {@code ports.json} appears and goes with it. Closing may be done by any thread,
 * and more than once.
 */
final class ServerProcess implements AutoCloseable {
  private final RunningServer server;
  private final Path dataDir;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private ServerProcess(RunningServer server, Path dataDir) {
    this.server = server;
    this.dataDir = dataDir;
  }

  static ServerProcess start(ServerStarter starter, Configuration configuration) {
    Logging.apply(configuration.log());
    RunningServer server = starter.start(configuration);
    Path dataDir = configuration.data().dir();
    ServerProcess process = new ServerProcess(server, dataDir);
    try {
      PortsFile.write(dataDir, server.endpoints());
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::endBySignal, "polder-shutdown"));
    return process;
  }

  RunningServer server() {
    return server;
  }

  Endpoints endpoints() {
    return server.endpoints();
  }

  /** Waits until something ends the server. */
  void await() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      try {
        PortsFile.remove(dataDir);
        server.close();
      } finally {
        closed.countDown();
      }
    }
  }

  /** An orderly end on a signal is a success, which the JVM's own exit code would hide. */
  private void endBySignal() {
    if (!closing.get()) {
      close();
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
  }
}
