package dev.polder.server.config;

import dev.polder.model.Secret;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns a key's text into its component's type, within the key's bounds. */
final class ValueParser {
  private ValueParser() {}

  /**
   * @return null for a key without text, which only components that allow it have
   * @throws IllegalArgumentException when the text cannot be used; the message continues a sentence
   *     that begins with the text
   */
  static @Nullable Object parse(KeyDefinition key, String text) {
    if (text.isEmpty()) {
      if (key.key().byDefault().isEmpty() && key.key().derived().isEmpty()) {
        return null;
      }
      throw new IllegalArgumentException("is no value");
    }
    Class<?> type = key.type();
    if (type == int.class) {
      return integer(key, text);
    } else if (type == ByteSize.class) {
      return bounded(key, ByteSize.parse(text), ByteSize::parse);
    } else if (type == Duration.class) {
      return bounded(key, Durations.parse(text), Durations::parse);
    } else if (type == Secret.class) {
      return Secret.of(text);
    } else if (type == Path.class) {
      return path(text);
    } else if (type == boolean.class || type.isEnum()) {
      return choice(key, text);
    } else if (type == String.class) {
      return text;
    }
    throw new IllegalStateException("no parser for " + type);
  }

  private static int integer(KeyDefinition key, String text) {
    try {
      return bounded(key, Integer.valueOf(text.strip()), Integer::valueOf);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is no whole number" + range(key), e);
    }
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is no path", e);
    }
  }

  private static Object choice(KeyDefinition key, String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    // YAML 1.1 writes booleans in many ways; `on` and `off` reach us as they stand in the file.
    String wanted =
        key.type() == boolean.class && (word.equals("yes") || word.equals("on"))
            ? "true"
            : key.type() == boolean.class && (word.equals("no") || word.equals("off"))
                ? "false"
                : word;
    if (!key.choices().contains(wanted)) {
      throw new IllegalArgumentException("is none of " + String.join(", ", key.choices()));
    }
    if (key.type() == boolean.class) {
      return Boolean.valueOf(wanted);
    }
    for (Object constant : key.type().getEnumConstants()) {
      if (constant.toString().toLowerCase(Locale.ROOT).equals(wanted)) {
        return constant;
      }
    }
    throw new IllegalStateException("no constant for " + wanted);
  }

  private static <T extends Comparable<T>> T bounded(
      KeyDefinition key, T value, java.util.function.Function<String, T> parse) {
    boolean low = !key.key().min().isEmpty() && value.compareTo(parse.apply(key.key().min())) < 0;
    boolean high = !key.key().max().isEmpty() && value.compareTo(parse.apply(key.key().max())) > 0;
    if (low || high) {
      throw new IllegalArgumentException("is out of range" + range(key));
    }
    return value;
  }

  static String range(KeyDefinition key) {
    String min = key.key().min();
    String max = key.key().max();
    if (min.isEmpty() && max.isEmpty()) {
      return "";
    }
    if (max.isEmpty()) {
      return " (at least " + min + ")";
    }
    return " (" + min + " to " + max + ")";
  }
}
