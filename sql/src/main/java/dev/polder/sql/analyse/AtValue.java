package dev.polder.sql.analyse;

import java.util.Optional;

/** The value of an AT clause. */
public sealed interface AtValue {
  /** A literal, perhaps cast: its text without quotes. */
  record Constant(String text) implements AtValue {}

  /** A parameter by its name: {@code "1"} for {@code ?} and {@code $1}. */
  record Parameter(String name) implements AtValue {}

  /** Anything else; {@code span} is where it stands. */
  record Expression(Optional<Span> span) implements AtValue {}
}
