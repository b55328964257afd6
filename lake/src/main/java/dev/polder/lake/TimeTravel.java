package dev.polder.lake;

/** A moment in a database's history that a statement reads at. */
public sealed interface TimeTravel {
  /** The state after the database's commit of this number. */
  record AtSeq(long seq) implements TimeTravel {}

  /** The state that was current at this time, in microseconds since the epoch. */
  record AtMicros(long micros) implements TimeTravel {}
}
