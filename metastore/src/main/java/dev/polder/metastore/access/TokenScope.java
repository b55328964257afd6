package dev.polder.metastore.access;

import dev.polder.model.RoleId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How much of what its principal may do a token is good for. Immutable. */
public sealed interface TokenScope {
  static TokenScope whole() {
    return new Whole();
  }

  static TokenScope rotation() {
    return new Rotation();
  }

  /** Everything. */
  record Whole() implements TokenScope {}

  /** What these roles bring, as far as the principal holds them when it asks; nothing else. */
  record OfRoles(Set<RoleId> named) implements TokenScope {
    public OfRoles {
      named = Set.copyOf(named);
    }
  }

  /**
   * What these roles bring, which an identity provider says that the principal holds, in the place
   * of those that it was given here.
   *
   * @param held also tells which row filters and masks apply
   * @param named those that count
   */
  record Claimed(Set<RoleId> held, Set<RoleId> named) implements TokenScope {
    public Claimed {
      held = Set.copyOf(held);
      named = Set.copyOf(named);
    }
  }

  /** Getting a new secret for the client credential that it was obtained with. */
  record Rotation() implements TokenScope {}

  /** The roles that alone count; empty for all. */
  default Optional<Set<RoleId>> roles() {
    return switch (this) {
      case Whole() -> Optional.empty();
      case OfRoles(Set<RoleId> named) -> Optional.of(named);
      case Claimed(Set<RoleId> ignored, Set<RoleId> named) -> Optional.of(named);
      case Rotation() -> Optional.of(Set.of());
    };
  }

  default boolean isWhole() {
    return this instanceof Whole;
  }

  /** As it is stored. */
  default String text() {
    return switch (this) {
      case Whole() -> "";
      case OfRoles(Set<RoleId> named) -> "roles " + joined(named);
      case Claimed(Set<RoleId> held, Set<RoleId> named) ->
          "claimed " + joined(held) + "|" + joined(named);
      case Rotation() -> "rotation";
    };
  }

  /** What {@link #text} wrote. */
  static TokenScope parse(String text) {
    if (text.isEmpty()) {
      return whole();
    }
    if (text.equals("rotation")) {
      return rotation();
    }
    if (text.startsWith("roles ")) {
      return new OfRoles(ids(text.substring("roles ".length())));
    }
    int bar = text.indexOf('|');
    if (!text.startsWith("claimed ") || bar < 0) {
      throw new IllegalStateException("unknown scope of a token: " + text);
    }
    return new Claimed(ids(text.substring("claimed ".length(), bar)), ids(text.substring(bar + 1)));
  }

  /** The same for these roles alone, which must be of those that count. */
  default TokenScope narrowed(Set<RoleId> to) {
    return switch (this) {
      case Whole() -> new OfRoles(to);
      case OfRoles(Set<RoleId> ignored) -> new OfRoles(to);
      case Claimed(Set<RoleId> held, Set<RoleId> ignored) -> new Claimed(held, to);
      case Rotation() -> this;
    };
  }

  private static String joined(Set<RoleId> ids) {
    return ids.stream().map(RoleId::value).sorted().collect(Collectors.joining(" "));
  }

  private static Set<RoleId> ids(String joined) {
    return Arrays.stream(joined.split(" ", -1))
        .filter(id -> !id.isEmpty())
        .map(RoleId::new)
        .collect(Collectors.toSet());
  }
}
