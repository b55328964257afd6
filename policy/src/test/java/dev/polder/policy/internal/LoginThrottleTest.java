package dev.polder.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.MutableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private final MutableClock clock = new MutableClock();
  private final LoginThrottle throttle = new LoginThrottle(clock);

  @Test
  void aNameThatFailsAgainAndAgainFromOneAddressHasToWait() {
    fail(LoginThrottle.FREE_FAILURES_OF_NAME, "ana", "10.0.0.1");
    assertRefused("ana", "10.0.0.1");
    clock.advance(Duration.ofSeconds(2));
    assertAdmitted("ana", "10.0.0.1");
  }

  @Test
  void eachFurtherFailureDoublesTheWaitUpToAMinute() {
    fail(LoginThrottle.FREE_FAILURES_OF_NAME + 30, "ana", "10.0.0.1");
    clock.advance(Duration.ofSeconds(59));
    assertRefused("ana", "10.0.0.1");
    clock.advance(Duration.ofSeconds(2));
    assertAdmitted("ana", "10.0.0.1");
  }

  @Test
  void nobodyElseIsLockedOut() {
    fail(50, "ana", "10.0.0.1");
    assertAdmitted("ana", "10.0.0.2");
    assertAdmitted("bob", "10.0.0.1");
  }

  @Test
  void anAddressThatTriesManyNamesHasToWait() {
    for (int i = 0; i < LoginThrottle.FREE_FAILURES_OF_SOURCE; i++) {
      throttle.failed("user" + i, "10.0.0.1");
    }
    assertRefused("somebody_new", "10.0.0.1");
    assertAdmitted("somebody_new", "10.0.0.2");
  }

  @Test
  void aSuccessForgetsTheFailuresOfTheName() {
    fail(LoginThrottle.FREE_FAILURES_OF_NAME, "ana", "10.0.0.1");
    throttle.succeeded("ana", "10.0.0.1");
    assertAdmitted("ana", "10.0.0.1");
  }

  private void fail(int times, String name, String source) {
    for (int i = 0; i < times; i++) {
      throttle.failed(name, source);
    }
  }

  private void assertAdmitted(String name, String source) {
    assertThatCode(() -> throttle.admit(name, source)).doesNotThrowAnyException();
  }

  private void assertRefused(String name, String source) {
    assertThatThrownBy(() -> throttle.admit(name, source))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_FAILED_LOGINS));
  }
}
