package dev.polder.duck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteOffsetsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "é",
        "a😀b",
        "日本語 x",
        "ÿ\u07ff\u0800\uffff😀é",
        "a\ud83d b",
        "\ude00a"
      })
  void every_character_is_found_at_its_byte(String text) {
    ByteOffsets offsets = ByteOffsets.of(text);
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int bytes = text.substring(0, i).getBytes(StandardCharsets.UTF_8).length;
      assertThat(offsets.toChar(bytes)).isEqualTo(i);
    }
    assertThat(offsets.toChar(Integer.MAX_VALUE)).isEqualTo(text.length());
    assertThat(offsets.toChar(-1)).isZero();
  }
}
