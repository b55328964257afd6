package dev.polder.door.http.internal;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polder.http.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The API's description: kept as YAML, served as JSON, read when it is first asked for. */
final class OpenApi {
  private OpenApi() {}

  private static final class Loaded {
    static final byte[] JSON = load();
  }

  static byte[] document() {
    return Loaded.JSON;
  }

  private static byte[] load() {
    try (InputStream in = OpenApi.class.getResourceAsStream("/dev/polder/door/http/openapi.yaml")) {
      if (in == null) {
        throw new FileNotFoundException("openapi.yaml");
      }
      return Json.bytes(new YAMLMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
