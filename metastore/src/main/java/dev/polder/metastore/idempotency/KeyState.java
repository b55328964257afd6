package dev.polder.metastore.idempotency;

import java.util.Optional;
import java.util.OptionalLong;

/** What is known of a request's key. Immutable. */
public sealed interface KeyState {
  /**
   * It is the caller's to do.
   *
   * @param attempt names the caller's try; a later one takes its right to finish away
   */
  record Begun(String attempt) implements KeyState {}

  /** Somebody does it now, and until the time nobody else may begin. */
  record Running(long leaseUntil) implements KeyState {}

  /**
   * It is done.
   *
   * @param seq the commit that did it; empty where it took none
   * @param detail what its answer needs besides the state after that commit
   */
  record Done(OptionalLong seq, Optional<String> detail) implements KeyState {}

  /** It changed nothing, and was answered so. */
  record Answered(int status, String body) implements KeyState {}

  /** The key was given to another request. */
  record Taken() implements KeyState {}
}
