package dev.polder.model;

import java.util.Arrays;
import java.util.Locale;

/**
 * A pattern of SQL's LIKE: {@code %} stands for any text, {@code _} for one character. Matching
 * takes no longer than the product of both lengths, whatever the pattern. Immutable.
 */
public final class LikePattern {
  private static final int ANY = -1;
  private static final int ONE = -2;

  private final int[] wanted;
  private final boolean folded;

  private LikePattern(int[] wanted, boolean folded) {
    this.wanted = wanted;
    this.folded = folded;
  }

  /** For names: compared without regard to case, and nothing is escaped. */
  public static LikePattern ofNames(String text) {
    return new LikePattern(
        text.toLowerCase(Locale.ROOT).codePoints().map(LikePattern::token).toArray(), true);
  }

  /** As SQL has it: case counts, and a backslash takes a character as it is. */
  public static LikePattern exact(String text) {
    int[] points = text.codePoints().toArray();
    int[] wanted = new int[points.length];
    int length = 0;
    for (int at = 0; at < points.length; at++) {
      boolean escapes = points[at] == '\\' && at + 1 < points.length;
      wanted[length++] = escapes ? points[++at] : token(points[at]);
    }
    return new LikePattern(Arrays.copyOf(wanted, length), false);
  }

  private static int token(int point) {
    return switch (point) {
      case '%' -> ANY;
      case '_' -> ONE;
      default -> point;
    };
  }

  public boolean matches(String text) {
    int[] given = (folded ? text.toLowerCase(Locale.ROOT) : text).codePoints().toArray();
    int at = 0;
    int pattern = 0;
    int lastAny = -1;
    int retryFrom = 0;
    while (at < given.length) {
      if (pattern < wanted.length && wanted[pattern] == ANY) {
        lastAny = pattern++;
        retryFrom = at;
      } else if (pattern < wanted.length
          && (wanted[pattern] == ONE || wanted[pattern] == given[at])) {
        pattern++;
        at++;
      } else if (lastAny >= 0) {
        // The last % takes one more character; those before it need not be looked at again.
        pattern = lastAny + 1;
        at = ++retryFrom;
      } else {
        return false;
      }
    }
    while (pattern < wanted.length && wanted[pattern] == ANY) {
      pattern++;
    }
    return pattern == wanted.length;
  }
}
