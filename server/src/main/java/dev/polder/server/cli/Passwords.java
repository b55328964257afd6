package dev.polder.server.cli;

import java.io.Console;
import java.util.Objects;
import java.util.Optional;

/** Asks for passwords, without showing them, where somebody is there to answer. */
final class Passwords {
  private Passwords() {}

  /** Whether both standard input and output are a terminal. */
  static boolean canAsk() {
    return console().isTerminal();
  }

  /** Empty when the user ended the input instead of answering. */
  static Optional<String> ask(String prompt) {
    char[] typed = console().readPassword("%s", prompt);
    return typed == null ? Optional.empty() : Optional.of(new String(typed));
  }

  private static Console console() {
    return Objects.requireNonNull(System.console());
  }
}
