package dev.polder.server.config;

import dev.polder.model.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One key that can be configured, as its record component describes it. Immutable.
 *
 * @param name as in the file, {@code http.port}
 * @param type of the record component
 */
public record KeyDefinition(String name, Class<?> type, Key key) {

  /** The environment variable that overrides the file. */
  public String environmentName() {
    return "POLDER_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  public boolean isSecret() {
    return type == Secret.class;
  }

  /** The words that are accepted, where only some are. */
  List<String> choices() {
    if (type == boolean.class) {
      return List.of("true", "false");
    }
    if (!type.isEnum()) {
      return List.of();
    }
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableList());
  }
}
