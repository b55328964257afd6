package dev.polder.door.flight.internal;

import dev.polder.door.flight.FlightDoor;
import dev.polder.door.flight.FlightLimits;
import dev.polder.door.flight.FlightOptions;
import dev.polder.door.flight.FlightTls;
import dev.polder.door.flight.ServerUnderTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;

/** The door on plain DuckDB. */
public final class DuckServer implements AutoCloseable {
  public final DuckSessions sessions;
  public final TestLogin login = new TestLogin();
  public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  public final FlightDoor door;

  public DuckServer() {
    this(FlightLimits.defaults(), new FlightTls.Plaintext());
  }

  public DuckServer(FlightLimits limits, FlightTls tls) {
    try {
      sessions = new DuckSessions();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    FlightOptions options =
        new FlightOptions(
            "127.0.0.1", 0, tls, Duration.ofMinutes(5), limits, Duration.ofSeconds(1));
    door = FlightDoor.start(options, sessions, login, meters);
  }

  public ServerUnderTest target() {
    return new ServerUnderTest(door.location(), "alice", "se:cret", "bob", "hidden", "lake");
  }

  @Override
  public void close() {
    door.close();
    try {
      sessions.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
