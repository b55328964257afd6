package dev.polder.metastore.quota;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits, class by class. Within a class the order is that of arrival; the classes that wait
 * take turns by their weights, so that each is served again and again. Not thread-safe.
 */
final class TurnQueue<T> {
  private final Map<PriorityClass, Deque<T>> waiting = new EnumMap<>(PriorityClass.class);
  private final Map<PriorityClass, Integer> credit = new EnumMap<>(PriorityClass.class);

  TurnQueue() {
    for (PriorityClass each : PriorityClass.values()) {
      waiting.put(each, new ArrayDeque<>());
    }
  }

  void add(PriorityClass of, T item) {
    queue(of).add(item);
  }

  void remove(PriorityClass of, T item) {
    queue(of).remove(item);
  }

  int size(PriorityClass of) {
    return queue(of).size();
  }

  int size() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  /** Takes the one whose turn it is; null: none waits. */
  @Nullable T poll() {
    PriorityClass next = null;
    int turns = 0;
    for (PriorityClass each : PriorityClass.values()) {
      if (queue(each).isEmpty()) {
        credit.remove(each);
      } else {
        turns += each.weight();
        int own = credit.merge(each, each.weight(), Integer::sum);
        next = next == null || own > credit.getOrDefault(next, 0) ? each : next;
      }
    }
    if (next == null) {
      return null;
    }
    credit.merge(next, -turns, Integer::sum);
    return queue(next).poll();
  }

  private Deque<T> queue(PriorityClass of) {
    return waiting.computeIfAbsent(of, ignored -> new ArrayDeque<>());
  }
}
