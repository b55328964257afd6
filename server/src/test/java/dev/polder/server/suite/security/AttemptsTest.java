package dev.polder.server.suite.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.server.suite.Answer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each single statement with which a user might see what is hidden from them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AttemptsTest {
  /** Failures of the server itself are no refusals. */
  private static final Set<ErrorCode> NO_REFUSAL =
      EnumSet.of(
          ErrorCode.INTERNAL_ERROR,
          ErrorCode.INSTANCE_FAILED,
          ErrorCode.STORAGE_ERROR,
          ErrorCode.DATA_FILE_MISSING,
          ErrorCode.SERVER_BUSY);

  private final List<Attempt> attempts = Attempt.all();
  private Vault vault;

  @BeforeAll
  void fill(@TempDir Path directory) {
    vault = new Vault(directory);
  }

  @AfterAll
  void stop() throws Exception {
    vault.close();
  }

  @TestFactory
  Stream<DynamicTest> noStatementShowsWhatIsHidden() {
    return attempts.stream()
        .map(attempt -> DynamicTest.dynamicTest(attempt.name(), () -> attempt(attempt)));
  }

  @Test
  void manyWaysAreTried() {
    assertThat(attempts.stream().map(Attempt::name))
        .hasSizeGreaterThan(200)
        .doesNotHaveDuplicates();
  }

  private void attempt(Attempt attempt) {
    Answer answer = null;
    PolderException refusal = null;
    try {
      answer = answer(attempt.sql());
      vault.assertTellsNothing(answer.toString(), attempt.sql());
    } catch (PolderException e) {
      refusal = e;
      vault.assertTellsNothing(String.valueOf(e.getMessage()), attempt.sql());
    }
    switch (attempt.expected()) {
      case Attempt.Expected.Refused(String code) -> assertRefused(code, refusal, answer);
      case Attempt.Expected.Rows(var rows) -> {
        if (refusal != null) {
          fail("refused", refusal);
        }
        assertThat(answer).isNotNull();
        assertThat(answer.rows()).isEqualTo(rows);
      }
      case Attempt.Expected.Harmless() -> {
        if (refusal != null) {
          assertThat(NO_REFUSAL).doesNotContain(refusal.code());
        }
      }
    }
  }

  private static void assertRefused(
      String code, @Nullable PolderException refusal, @Nullable Answer answer) {
    if (refusal == null) {
      throw new AssertionError("not refused but " + answer);
    }
    assertThat(NO_REFUSAL).as(String.valueOf(refusal.getMessage())).doesNotContain(refusal.code());
    if (!code.equals("any")) {
      assertThat(refusal.code().name()).as(refusal.getMessage()).isEqualTo(code);
    }
  }

  private Answer answer(String sql) {
    return vault.mallory().answer(sql);
  }
}
