package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether the relations of a FROM clause are joined by equality, so that no product comes out. */
final class Connected {
  private final List<Set<Integer>> groups = new ArrayList<>();

  private Connected() {}

  /** Throws when the rows of the block are a product. */
  static void check(Block block) {
    Connected connected = new Connected();
    block.from().ifPresent(connected::add);
    block.where().forEach(connected::condition);
    if (connected.groups.size() > 1) {
      throw new NotPushed("a product of tables would be larger than its tables");
    }
  }

  private void add(RemoteFrom from) {
    switch (from) {
      case RemoteFrom.Table(int id, var ignored) -> groups.add(new HashSet<>(Set.of(id)));
      case RemoteFrom.Subquery(int id, var ignored) -> groups.add(new HashSet<>(Set.of(id)));
      case RemoteFrom.Join(var kind, var left, var right, var condition) -> {
        add(left);
        add(right);
        condition.ifPresent(this::condition);
      }
    }
  }

  private void condition(RemoteExpression condition) {
    switch (condition) {
      case RemoteExpression.And(var operands) -> operands.forEach(this::condition);
      case RemoteExpression.Comparison(var operator, var left, var right) -> {
        if (operator == RemoteExpression.Operator.EQUAL) {
          Set<Integer> all = relations(left);
          all.addAll(relations(right));
          join(all);
        }
      }
      default -> {
        // Says nothing of how many rows meet.
      }
    }
  }

  private void join(Set<Integer> relations) {
    Set<Integer> merged = new HashSet<>();
    for (Set<Integer> group : List.copyOf(groups)) {
      if (group.stream().anyMatch(relations::contains)) {
        merged.addAll(group);
        groups.remove(group);
      }
    }
    if (!merged.isEmpty()) {
      groups.add(merged);
    }
  }

  private static Set<Integer> relations(RemoteExpression expression) {
    Set<Integer> result = new HashSet<>();
    if (expression instanceof RemoteExpression.Column(int relation, var ignored)) {
      result.add(relation);
    }
    Conditions.operands(expression).forEach(operand -> result.addAll(relations(operand)));
    return result;
  }
}
