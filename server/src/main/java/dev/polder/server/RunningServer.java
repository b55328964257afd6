package dev.polder.server;

import dev.polder.model.Secret;
import java.util.Optional;

/**
 * A server that answers at its doors. Owned by who started it; closing ends it in an orderly way:
 * no new statements, the running ones get the configured grace, then everything is let go. Closing
 * twice does nothing more.
 */
public interface RunningServer extends AutoCloseable {
  Endpoints endpoints();

  /** The administrator's password, if this start made it: shown once, kept nowhere as text. */
  Optional<Secret> newAdminPassword();

  @Override
  void close();
}
