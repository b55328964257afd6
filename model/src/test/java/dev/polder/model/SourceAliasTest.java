package dev.polder.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceAliasTest {
  @Test
  void aliasesAreLowerCased() {
    assertThat(new SourceAlias("FedPG")).isEqualTo(new SourceAlias("fedpg"));
    assertThat(new SourceAlias("_a1").value()).isEqualTo("_a1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1a",
        "a-b",
        "a.b",
        "a b",
        "a\"b",
        "a'b",
        "é",
        "main",
        "MAIN",
        "temp",
        "system",
        "information_schema",
        "PG_Catalog",
        "memory",
        "polder_x",
        "Polder_",
        "{{alias}}"
      })
  void whatCouldBeTakenForSomethingElseIsRefused(String name) {
    assertThatThrownBy(() -> new SourceAlias(name))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_NAME));
  }

  @Test
  void anAliasHasAtMost63Characters() {
    assertThat(new SourceAlias("a".repeat(63)).value()).hasSize(63);
    assertThatThrownBy(() -> new SourceAlias("a".repeat(64))).isInstanceOf(PolderException.class);
  }
}
