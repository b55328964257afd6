package dev.polder.door.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests as text. */
final class ManifestTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yes",
        "null",
        "~",
        "0123",
        "1e3",
        "2026-01-01",
        "a: b",
        "# no comment",
        "- x",
        "line\nline\n",
        "tab\t",
        "trailing  \n \n",
        "\r\n",
        "'",
        "\"",
        "{{secret.X}}",
        "é𝄞",
        "\u0085",
        "***REDACTED***",
        "!tag",
        "&anchor",
        "*alias",
        "%",
        "@",
        "`",
        "\u2028",
        "\u0007"
      })
  void every_text_comes_back_as_it_was(String text) {
    ObjectNode manifest = JSON.createObjectNode().put("apiVersion", "polder/v1");
    manifest.putArray("tenants").addObject().put("name", text).put("n", 5).put("flag", true);
    manifest.putObject("map").put("a key: with signs", text);
    byte[] written = ManifestText.write(manifest);
    assertThat(ManifestText.read(written)).isEqualTo(manifest);
    assertThat(ManifestText.write(ManifestText.read(written))).isEqualTo(written);
  }

  @Test
  void json_is_read_too() {
    assertThat(ManifestText.read("{\"apiVersion\": \"polder/v1\"}".getBytes(UTF_8)))
        .isEqualTo(JSON.createObjectNode().put("apiVersion", "polder/v1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: [hunter2", "a: b: hunter2", "a: 1\na: hunter2", "\thunter2: x", "{\"a\""})
  void what_is_no_yaml_is_refused_without_repeating_it(String text) {
    assertThatThrownBy(() -> ManifestText.read(text.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_YAML))
        .hasMessageStartingWith("the manifest is neither YAML nor JSON: see what stands in line ")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
    assertThat(ErrorCode.INVALID_YAML.symbol()).isEqualTo("invalid-yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "- a", "text", "5", "# nothing"})
  void what_is_no_map_is_no_manifest(String text) {
    assertThatThrownBy(() -> ManifestText.read(text.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST));
    assertThat(ErrorCode.INVALID_MANIFEST.symbol()).isEqualTo("invalid-manifest");
  }
}
