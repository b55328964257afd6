package dev.polder.federation;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.util.Map;
import java.util.Optional;

/**
 * What a connector needs to reach one source. Immutable; prints no values, since any of them may
 * hold a secret.
 *
 * @param properties by name, defaults not filled in
 */
public record SourceSettings(String alias, boolean readOnly, Map<String, Secret> properties) {
  public SourceSettings {
    properties = Map.copyOf(properties);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(properties.get(name)).map(Secret::reveal);
  }

  public String required(String name) {
    return text(name)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.INVALID_PARAMETER, "source '" + alias + "' needs property " + name));
  }

  public int number(String name, int defaultValue) {
    return text(name)
        .map(value -> {
          try {
            return Integer.valueOf(value.strip());
          } catch (NumberFormatException e) {
            throw new PolderException(
                ErrorCode.INVALID_PARAMETER,
                "property " + name + " of source '" + alias + "' must be a whole number",
                e);
          }
        })
        .orElse(defaultValue);
  }

  public boolean flag(String name, boolean defaultValue) {
    return text(name)
        .map(value ->
            switch (value.strip().toLowerCase(java.util.Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default ->
                  throw new PolderException(
                      ErrorCode.INVALID_PARAMETER,
                      "property " + name + " of source '" + alias + "' must be true or false");
            })
        .orElse(defaultValue);
  }
}
