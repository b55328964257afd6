package dev.polder.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StatementDigestTest {
  @Test
  void statementsThatDifferInValuesCaseAndBlanksHaveOneDigest() {
    assertThat(StatementDigest.of("SELECT a, \"B\"  FROM t -- why\n WHERE x = 'secret' AND y>1.5"))
        .isEqualTo(StatementDigest.of("select a,\"B\" from T where X=$1 and y > ?"))
        .isEqualTo("select a, \"B\" from t where x = ? and y > ?");
  }

  @Test
  void listsOfAnyLengthAreAlike() {
    assertThat(StatementDigest.of("SELECT * FROM t WHERE x IN (1, 2, 3)"))
        .isEqualTo("select * from t where x in (?)");
    assertThat(StatementDigest.of("INSERT INTO s.t VALUES (1, 'a'), (2, 'b'), (3, 'c')"))
        .isEqualTo("insert into s.t values (?)");
  }

  @Test
  void noValueIsInADigest() {
    assertThat(StatementDigest.of("CREATE USER ann PASSWORD 'hunter22' TENANT acme"))
        .isEqualTo("create user ann password ? tenant acme");
    assertThat(StatementDigest.of("SELECT E'a\\'b', $$c$$, 0x1F"))
        .doesNotContain("a")
        .doesNotContain("c$")
        .startsWith("select ?");
  }

  @Test
  void longStatementsAreCut() {
    assertThat(StatementDigest.of("SELECT " + "a + ".repeat(2_000) + "a"))
        .hasSizeLessThan(1_100)
        .endsWith(" …");
  }
}
