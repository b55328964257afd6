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
   * @param reason for example {@code only a superuser may clone databases}
   */
  record Denied(String reason) implements Decision {}

  /**
   * The principal may not for want of a privilege.
   *
   * @param object as the user is shown it
   */
  record Missing(String privilege, String object) implements Decision {}

  static Decision permitted() {
    return new Allowed();
  }

  /** The denial that every door words the same way. */
  static Decision missing(String privilege, String object) {
    return new Missing(privilege, object);
  }

  default boolean allowed() {
    return switch (this) {
      case Allowed() -> true;
      case Denied(String ignored) -> false;
      case Missing ignored -> false;
    };
  }

  /** Throws {@link ErrorCode#ACCESS_DENIED} with the reason when denied. */
  default void require() {
    switch (this) {
      case Allowed() -> {}
      case Denied(String reason) -> throw new PolderException(ErrorCode.ACCESS_DENIED, reason);
      case Missing(String privilege, String object) ->
          throw DeniedException.missing(privilege, object);
    }
  }
}
