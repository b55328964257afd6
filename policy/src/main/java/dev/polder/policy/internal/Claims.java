package dev.polder.policy.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a token says: finds claims by name or by path. Immutable. */
public record Claims(Map<String, Object> values) {
  private static final Pattern SLASH = Pattern.compile("/");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  /** The text of one claim. */
  public Optional<String> text(String path) {
    return find(path) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** The texts of a list, or of one text with spaces between them. */
  public List<String> texts(String path) {
    return switch (find(path)) {
      case String text -> List.of(SPACES.split(text.strip(), -1));
      case Collection<?> list -> {
        List<String> texts = new ArrayList<>();
        for (Object value : list) {
          if (value instanceof String text) {
            texts.add(text);
          }
        }
        yield texts;
      }
      case null, default -> List.of();
    };
  }

  /** Names of claims may have slashes themselves: URLs often do. */
  private @Nullable Object find(String path) {
    if (values.containsKey(path)) {
      return values.get(path);
    }
    Object found = values;
    for (String name : SLASH.split(path, -1)) {
      found = found instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return found;
  }
}
