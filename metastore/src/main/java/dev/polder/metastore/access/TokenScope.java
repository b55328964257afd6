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

  /** Getting a new secret for the client credential that it was obtained with. */
  record Rotation() implements TokenScope {}

  /** The roles that alone count; empty for all. */
  default Optional<Set<RoleId>> roles() {
    return switch (this) {
      case Whole() -> Optional.empty();
      case OfRoles(Set<RoleId> named) -> Optional.of(named);
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
      case OfRoles(Set<RoleId> named) ->
          named.stream().map(RoleId::value).sorted().collect(Collectors.joining(" ", "roles ", ""));
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
    if (!text.startsWith("roles ")) {
      throw new IllegalStateException("unknown scope of a token: " + text);
    }
    return new OfRoles(
        Arrays.stream(text.split(" "))
            .skip(1)
            .filter(id -> !id.isEmpty())
            .map(RoleId::new)
            .collect(Collectors.toSet()));
  }
}
