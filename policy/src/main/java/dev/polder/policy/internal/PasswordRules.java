package dev.polder.policy.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.util.Locale;

/** What a password must be like: long enough, and not the user's own name. */
public final class PasswordRules {
  private static final int MIN_LENGTH = 8;
  private static final int MAX_LENGTH = 1024;

  private PasswordRules() {}

  public static void check(String user, Secret password) {
    String text = password.reveal();
    if (text.codePointCount(0, text.length()) < MIN_LENGTH) {
      throw refused("needs at least " + MIN_LENGTH + " characters");
    }
    if (tooLong(password)) {
      throw refused("may have at most " + MAX_LENGTH + " characters");
    }
    if (text.toLowerCase(Locale.ROOT).equals(user.toLowerCase(Locale.ROOT))) {
      throw refused("must not be the user's name");
    }
  }

  /** No stored password is so long: refused before any hashing. */
  public static boolean tooLong(Secret password) {
    return password.reveal().length() > MAX_LENGTH;
  }

  private static PolderException refused(String rule) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, "the password " + rule);
  }
}
