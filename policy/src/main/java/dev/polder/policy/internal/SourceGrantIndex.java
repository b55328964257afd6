package dev.polder.policy.internal;

import dev.polder.model.Privilege;
import dev.polder.model.Securable;
import dev.polder.model.SourceId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The grants of one principal on sources and what is in them. Nothing counts here that was granted
 * on anything else. Unmodifiable once built.
 */
final class SourceGrantIndex {
  private final Map<SourceId, Map<List<String>, Set<Privilege>>> sources = new HashMap<>();

  void add(Securable.Source on, Privilege privilege) {
    sources
        .computeIfAbsent(on.source(), key -> new HashMap<>())
        .computeIfAbsent(on.path(), key -> EnumSet.noneOf(Privilege.class))
        .add(privilege);
  }

  boolean isEmpty() {
    return sources.isEmpty();
  }

  /** On it, or on what it is in. */
  boolean covers(Privilege privilege, SourceId source, List<String> path) {
    Map<List<String>, Set<Privilege>> grants = sources.getOrDefault(source, Map.of());
    for (int depth = 0; depth <= path.size(); depth++) {
      if (grants.getOrDefault(path.subList(0, depth), Set.of()).contains(privilege)) {
        return true;
      }
    }
    return false;
  }

  /** The names directly below it that the privilege was granted on one by one. */
  Set<String> below(Privilege privilege, SourceId source, List<String> path) {
    return sources.getOrDefault(source, Map.of()).entrySet().stream()
        .filter(grant ->
            grant.getKey().size() == path.size() + 1
                && startsWith(grant.getKey(), path)
                && grant.getValue().contains(privilege))
        .map(grant -> grant.getKey().getLast())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Any privilege on it, on what it is in or on something in it. */
  boolean touches(SourceId source, List<String> path) {
    return sources.getOrDefault(source, Map.of()).keySet().stream()
        .anyMatch(on -> startsWith(on, path) || startsWith(path, on));
  }

  private static boolean startsWith(List<String> path, List<String> start) {
    return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
  }
}
