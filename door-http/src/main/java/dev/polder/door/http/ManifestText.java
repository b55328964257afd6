package dev.polder.door.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A manifest as YAML, of which JSON is a part: the same text for the same document. Stateless. */
public final class ManifestText {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ManifestText() {}

  public static byte[] write(ObjectNode manifest) {
    try {
      return YAML.writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @throws PolderException INVALID_YAML, naming the line; INVALID_MANIFEST for anything but a map
   */
  public static ObjectNode read(byte[] text) {
    JsonNode read;
    try {
      read = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      // What it says may show what stands there: a password, perhaps.
      String line = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
      throw new PolderException(
          ErrorCode.INVALID_YAML, "the manifest is neither YAML nor JSON: see what stands" + line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!(read instanceof ObjectNode manifest)) {
      throw new PolderException(
          ErrorCode.INVALID_MANIFEST, "the manifest must be a map that begins with apiVersion");
    }
    return manifest;
  }
}
