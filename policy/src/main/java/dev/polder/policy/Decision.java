package dev.polder.policy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;

/**
 * The answer to "may this principal do that to this object?". Either allowed, or denied with the
 * sentence that the user sees. Immutable.
 */
public sealed interface Decision {
  /** The principal may. */
  record Allowed() implements Decision {}

  /**
   * The principal may not.
   *
   * @param reason for example {@code missing SELECT grant on sales.orders}
   */
  record Denied(String reason) implements Decision {}

  static Decision permitted() {
    return new Allowed();
  }

  /** The denial that every door words the same way. */
  static Decision missing(String privilege, String object) {
    return new Denied("missing " + privilege + " grant on " + object);
  }

  default boolean allowed() {
    return switch (this) {
      case Allowed() -> true;
      case Denied(String ignored) -> false;
    };
  }

  /** Throws {@link ErrorCode#ACCESS_DENIED} with the reason when denied. */
  default void require() {
    switch (this) {
      case Allowed() -> {}
      case Denied(String reason) -> throw new PolderException(ErrorCode.ACCESS_DENIED, reason);
    }
  }
}
