package dev.polder.server.cli;

import java.io.Console;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks for passwords, without showing them, where somebody is there to answer. */
final class Passwords {
  private Passwords() {}

  /** Whether both standard input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // Java 25 has none again without a terminal
  static boolean canAsk() {
    @Nullable Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Empty when the user ended the input instead of answering. */
  static Optional<String> ask(String prompt) {
    Console console =
        Objects.requireNonNull(System.console(), "nobody can be asked for a password");
    char[] typed = console.readPassword("%s", prompt);
    return typed == null ? Optional.empty() : Optional.of(new String(typed));
  }
}
