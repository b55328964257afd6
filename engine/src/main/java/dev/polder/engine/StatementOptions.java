package dev.polder.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * How one statement is to run.
 *
 * @param statement a name chosen by the caller, with which it can be cancelled
 * @param timeout a shorter limit than the server's
 */
public record StatementOptions(UUID statement, Optional<Duration> timeout) {
  public static StatementOptions defaults() {
    return new StatementOptions(UUID.randomUUID(), Optional.empty());
  }
}
