package dev.polder.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What users see of a source's failures. */
public final class SourceFailures {
  private SourceFailures() {}

  public static void assertFails(ErrorCode code, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.code()).isEqualTo(code);
            });
  }
}
