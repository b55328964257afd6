package dev.polder.door.http.internal;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** UUIDs as clients write them. */
public final class Ids {
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Ids() {}

  /** Empty when the text is no UUID in its canonical form. */
  public static Optional<UUID> parse(String text) {
    return UUID_TEXT.matcher(text).matches()
        ? Optional.of(UUID.fromString(text))
        : Optional.empty();
  }
}
