package dev.polder.model;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a grant allows on its securable. */
public enum Privilege {
  SELECT,
  INSERT,
  UPDATE,
  DELETE,
  CREATE,
  ALTER,
  DROP;

  /**
   * A privilege's name, or one of the shorthands {@code RO}, {@code RW}, {@code DDL}, {@code ALL};
   * any case.
   */
  public static Optional<Set<Privilege>> parse(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    return switch (upper) {
      case "RO" -> Optional.of(EnumSet.of(SELECT));
      case "RW" -> Optional.of(EnumSet.of(SELECT, INSERT, UPDATE, DELETE));
      case "DDL" -> Optional.of(EnumSet.of(CREATE, ALTER, DROP));
      case "ALL" -> Optional.of(EnumSet.allOf(Privilege.class));
      default -> {
        for (Privilege privilege : values()) {
          if (privilege.name().equals(upper)) {
            yield Optional.of(EnumSet.of(privilege));
          }
        }
        yield Optional.empty();
      }
    };
  }
}
