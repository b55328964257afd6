package dev.polder.federation.setup.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that set-up SQL may hold. Immutable. */
public sealed interface SetupStatement {
  /** Gets an extension from DuckDB's own repository. */
  record Install(String extension) implements SetupStatement {}

  record Load(String extension) implements SetupStatement {}

  /**
   * Makes a secret that lasts as long as the instance.
   *
   * @param name null: DuckDB's own choice
   */
  record CreateSecret(
      boolean orReplace, boolean ifNotExists, @Nullable Atom name, List<Option> options)
      implements SetupStatement {}

  /** Attaches the source; under its alias, nothing else was let through. */
  record Attach(boolean orReplace, boolean ifNotExists, Atom target, List<Option> options)
      implements SetupStatement {
    /** What kind of system it says it attaches, in lower case; empty when it does not. */
    String type() {
      for (Option option : options) {
        if (option.name().equals("TYPE") && option.value().size() == 1) {
          return option.value().getFirst().upper().toLowerCase(java.util.Locale.ROOT);
        }
      }
      return "";
    }
  }

  /** Sets one of the settings that may be set. */
  record Setting(String name, List<Atom> value) implements SetupStatement {}

  /**
   * One of the options in parentheses.
   *
   * @param name in upper case
   * @param value literals alone; empty for an option that is only named
   */
  record Option(String name, List<Atom> value) {}
}
