package dev.polder.server.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementSplitterTest {
  @Test
  void semicolonsEndStatements() {
    assertThat(StatementSplitter.split("SELECT 1; SELECT 2 ;\nSELECT 3").statements())
        .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
  }

  @Test
  void emptyStatementsAndCommentsAreNoStatements() {
    assertThat(StatementSplitter.split(";; -- a;b\n ; /* c;d */ ;").statements()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'a;b'",
        "SELECT 'it''s; so'",
        "SELECT e'a\\';b'",
        "SELECT \"a;\"\"b\"",
        "SELECT $$a;b'c$$",
        "SELECT $x$a;$$;b$x$",
        "SELECT 1 -- a;b\n + 2",
        "SELECT /* a; /* b; */ c; */ 1",
        "SELECT $1, a$b",
        "SELECT 'back\\' || 'slash'",
      })
  void semicolonsInsideAreText(String statement) {
    StatementSplitter.Split split = StatementSplitter.split(statement + "; SELECT 2;");
    assertThat(split.statements()).containsExactly(statement, "SELECT 2");
    assertThat(split.open()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 'a;", "SELECT \"a;", "SELECT $$a;", "/* a;", "SELECT e'\\';"})
  void anOpenStringOrCommentWaitsForItsEnd(String text) {
    assertThat(StatementSplitter.split(text).open()).isTrue();
    assertThat(StatementParser.isComplete(text)).isFalse();
  }

  @Test
  void theShellReadsOnUntilTheSemicolon() {
    assertThat(StatementParser.isComplete("SELECT 1")).isFalse();
    assertThat(StatementParser.isComplete("SELECT 1\n;")).isTrue();
    assertThat(StatementParser.isComplete("SELECT 1; -- done")).isTrue();
    assertThat(StatementParser.isComplete("\\dt")).isTrue();
    assertThat(StatementParser.isComplete("  ")).isTrue();
  }

  @Test
  void useChangesThePrompt() {
    assertThat(SessionChanges.databaseAfter("use acme")).contains("acme");
    assertThat(SessionChanges.databaseAfter("USE \"a\"\"b\"")).contains("a\"b");
    assertThat(SessionChanges.databaseAfter("SELECT 1")).isEmpty();
  }
}
