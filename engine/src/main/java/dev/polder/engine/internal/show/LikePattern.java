package dev.polder.engine.internal.show;

import java.util.Locale;

/**
 * A pattern of LIKE for names, compared without regard to case. Matching takes no longer than the
 * product of both lengths, whatever the pattern. Immutable.
 */
record LikePattern(String text) {
  LikePattern {
    text = text.toLowerCase(Locale.ROOT);
  }

  boolean matches(String name) {
    int[] wanted = text.codePoints().toArray();
    int[] given = name.toLowerCase(Locale.ROOT).codePoints().toArray();
    int at = 0;
    int pattern = 0;
    int lastPercent = -1;
    int retryFrom = 0;
    while (at < given.length) {
      if (pattern < wanted.length && wanted[pattern] == '%') {
        lastPercent = pattern++;
        retryFrom = at;
      } else if (pattern < wanted.length
          && (wanted[pattern] == '_' || wanted[pattern] == given[at])) {
        pattern++;
        at++;
      } else if (lastPercent >= 0) {
        // The last % takes one more character; those before it need not be looked at again.
        pattern = lastPercent + 1;
        at = ++retryFrom;
      } else {
        return false;
      }
    }
    while (pattern < wanted.length && wanted[pattern] == '%') {
      pattern++;
    }
    return pattern == wanted.length;
  }
}
