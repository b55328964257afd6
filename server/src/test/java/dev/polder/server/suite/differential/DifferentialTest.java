package dev.polder.server.suite.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.suite.Answer;
import dev.polder.server.suite.TestServer;
import dev.polder.server.suite.TestSession;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The same queries over the same rows, through the product and on DuckDB by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DifferentialTest {
  private static final String DATABASE = "suite";

  private final List<Question> questions = Corpus.questions();

  private TestServer server;
  private TestSession session;
  private BareDuck bare;

  @BeforeAll
  void fill(@TempDir Path directory) throws Exception {
    server = TestServer.start(directory);
    try (TestSession admin = server.admin()) {
      admin.run("CREATE DATABASE " + DATABASE);
    }
    session = server.admin("default", DATABASE);
    for (String statement : Corpus.tables("polder")) {
      try {
        session.run(statement);
      } catch (RuntimeException e) {
        throw new AssertionError("cannot prepare with " + statement, e);
      }
    }
    bare = new BareDuck(DATABASE, Corpus.tables("duckdb"));
  }

  @AfterAll
  void stop() throws Exception {
    bare.close();
    session.close();
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> answersAsDuckdbByItself() {
    return questions.stream()
        .map(question -> DynamicTest.dynamicTest(question.toString(), () -> compare(question)));
  }

  @Test
  void asksSomeHundredsOfQuestions() {
    assertThat(questions).hasSizeGreaterThan(400).doesNotHaveDuplicates();
  }

  private void compare(Question question) throws Exception {
    Answer expected = bare.ask(question);
    Answer actual = session.query(question.sql(), question.parameters());
    assertThat(actual.columns()).as("names of columns").isEqualTo(expected.columns());
    assertThat(actual.types()).as("types of columns").isEqualTo(expected.types());
    if (question.ordered()) {
      assertThat(actual.rows()).isEqualTo(expected.rows());
    } else {
      assertThat(actual.sorted().rows()).isEqualTo(expected.sorted().rows());
    }
  }
}
