package dev.polder.door.flight.internal;

import dev.polder.door.flight.FlightOptions;
import dev.polder.door.flight.FlightTls;
import dev.polder.door.flight.Login;
import dev.polder.engine.SessionService;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running Flight server with all that it owns. */
public final class DoorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DoorServer.class);

  private final FlightOptions options;
  private final BufferAllocator allocator = new RootAllocator();
  private final ContextExecutor executor = new ContextExecutor();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("flight-sweeper").daemon().factory());
  private final ClientSessions sessions;
  private final PendingResults results;
  private final FlightServer server;

  public DoorServer(
      FlightOptions options, SessionService engine, Login login, MeterRegistry meters) {
    this.options = options;
    this.sessions = new ClientSessions(engine, options.limits(), meters);
    this.results = new PendingResults(options.limits());
    Statements statements =
        new Statements(options.limits(), new DoorMeters(meters), executor, results, allocator);
    SqlProducer producer =
        new SqlProducer(
            sessions,
            results,
            statements,
            allocator,
            executor,
            options.limits(),
            SqlInfos.builder(version(DoorServer.class), version(FlightServer.class)));
    this.server = build(producer, new Authentication(login, options.tokenLifetime()));
  }

  private static String version(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private FlightServer build(SqlProducer producer, Authentication authentication) {
    FlightServer.Builder builder =
        FlightServer.builder(allocator, listenAt(), producer)
            .executor(executor)
            .maxInboundMessageSize(options.limits().inboundMessageBytes())
            .transportHint(
                "grpc.builderConsumer",
                (Consumer<NettyServerBuilder>) netty -> configure(netty, authentication));
    try {
      switch (options.tls()) {
        case FlightTls.Plaintext plaintext -> checkLoopback();
        case FlightTls.Pem pem -> {
          checkReadable(pem.certificateChain());
          checkReadable(pem.privateKey());
          builder.useTls(pem.certificateChain().toFile(), pem.privateKey().toFile());
        }
      }
      return builder.build();
    } catch (IOException e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION, "cannot read the certificate for Flight SQL", e);
    }
  }

  private void configure(NettyServerBuilder netty, Authentication authentication) {
    switch (options.tls()) {
      case FlightTls.Plaintext plaintext -> {}
      case FlightTls.Pem pem -> encrypt(netty, pem.certificateChain(), pem.privateKey());
    }
    netty
        .intercept(new CallInterceptor(authentication))
        .addTransportFilter(
            Connection.filter(
                connection -> executor.execute(() -> sessions.connectionEnded(connection))))
        .maxInboundMetadataSize(32 << 10)
        .permitKeepAliveTime(10, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(2, TimeUnit.MINUTES);
  }

  // The JDK's own TLS: the native library that resolves lacks a method this netty calls.
  private static void encrypt(NettyServerBuilder netty, Path certificateChain, Path privateKey) {
    try {
      SslContextBuilder tls =
          SslContextBuilder.forServer(certificateChain.toFile(), privateKey.toFile());
      netty.sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build());
    } catch (SSLException e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "cannot use " + certificateChain + " and its key for Flight SQL's TLS",
          e);
    }
  }

  private Location listenAt() {
    return options.tls() instanceof FlightTls.Plaintext
        ? Location.forGrpcInsecure(options.host(), options.port())
        : Location.forGrpcTls(options.host(), options.port());
  }

  private void checkLoopback() throws UnknownHostException {
    if (!InetAddress.getByName(options.host()).isLoopbackAddress()) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "Flight SQL on "
              + options.host()
              + " would send passwords in plain text: configure TLS or listen on a loopback"
              + " address");
    }
  }

  private static void checkReadable(Path file) {
    if (!java.nio.file.Files.isReadable(file)) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION, "cannot read " + file + " for Flight SQL's TLS");
    }
  }

  // The sweeper logs its own failures and ends with this object.
  @SuppressWarnings("FutureReturnValueIgnored")
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      close();
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "cannot listen for Flight SQL on "
              + options.host()
              + ":"
              + options.port()
              + "; is the port in use?",
          e);
    }
    long pause = Math.clamp(options.limits().sessionIdle().toMillis() / 4, 50, 30_000);
    sweeper.scheduleWithFixedDelay(this::sweep, pause, pause, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    try {
      sessions.closeIdle();
      results.forgetExpired();
    } catch (RuntimeException e) {
      // An exception that left this method would end all later runs.
      LOG.error("closing idle Flight SQL sessions failed", e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** Lets running calls end within the grace, then cancels them. */
  @Override
  public void close() {
    try (allocator) {
      sweeper.shutdownNow();
      server.shutdown();
      await(options.shutdownGrace());
      sessions.close();
      server.close();
      executor.shutdown();
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void await(Duration grace) throws InterruptedException {
    boolean ended = server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      LOG.info("Flight SQL calls still run after {}; cancelling them", grace);
    }
  }
}
