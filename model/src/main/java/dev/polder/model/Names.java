package dev.polder.model;

import java.util.Locale;
import java.util.regex.Pattern;

/** The rules that names of each kind obey. */
final class Names {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
  private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,127}");
  private static final int MAX_OBJECT_NAME = 255;

  private Names() {}

  static String slug(String kind, String value) {
    return matching(
        SLUG, kind, value, "lower-case letters, digits and _, at most 63, a letter first");
  }

  static String identifier(String kind, String value) {
    return matching(
        IDENTIFIER, kind, value, "letters, digits and _, at most 63, not a digit first");
  }

  static boolean isIdentifier(String value) {
    return IDENTIFIER.matcher(value).matches();
  }

  static String principal(String kind, String value) {
    return matching(PRINCIPAL, kind, value, "letters, digits and _ . @ + -, at most 128");
  }

  /**
   * Any text of 1 to 255 characters without control characters: dots, quotes and emoji are fine.
   */
  static String object(String kind, String value) {
    if (value.isEmpty() || value.length() > MAX_OBJECT_NAME) {
      throw new PolderException(
          ErrorCode.INVALID_NAME,
          "the name of a " + kind + " must have 1 to " + MAX_OBJECT_NAME + " characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean unpaired =
          Character.isSurrogate(c)
              && !(Character.isHighSurrogate(c)
                  && i + 1 < value.length()
                  && Character.isLowSurrogate(value.charAt(i + 1)));
      if (Character.isISOControl(c) || unpaired) {
        throw new PolderException(
            ErrorCode.INVALID_NAME,
            "the name of a " + kind + " contains a control or broken character");
      }
      if (Character.isHighSurrogate(c)) {
        i++;
      }
    }
    return value;
  }

  /**
   * The form under which names are compared: SQL names keep their case but are found without regard
   * to it.
   */
  static String key(String value) {
    return value.toLowerCase(Locale.ROOT);
  }

  private static String matching(Pattern pattern, String kind, String value, String rule) {
    if (!pattern.matcher(value).matches()) {
      String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
      throw new PolderException(
          ErrorCode.INVALID_NAME,
          "'" + shown + "' is no valid name of a " + kind + ": use " + rule);
    }
    return value;
  }
}
