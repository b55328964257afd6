package dev.polder.sql.analyse;

import dev.polder.sql.statement.Assignment;
import dev.polder.sql.statement.CopyFrom;
import dev.polder.sql.statement.CopySource;
import dev.polder.sql.statement.CopyTo;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.Delete;
import dev.polder.sql.statement.Identifiers;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.InsertSource;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.MergeAction;
import dev.polder.sql.statement.MergeClause;
import dev.polder.sql.statement.MergeCondition;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Truncate;
import dev.polder.sql.statement.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says what a data statement reads, as SELECTs that hold every query, table expression, expression
 * and condition of the statement: what they refer to is what the statement refers to. Each
 * expression stands in parentheses of its own, so that none can reach beyond its place.
 */
public final class DataReads {
  private DataReads() {}

  /** The SELECTs; empty when the statement reads nothing but its own file or nothing at all. */
  public static List<SqlText> of(DataStatement statement) {
    return switch (statement) {
      case Insert insert -> insert(insert);
      case Update update ->
          with(update(update), returned(update.returning(), update.target(), update.alias()));
      case Delete delete ->
          with(delete(delete), returned(delete.returning(), delete.target(), delete.alias()));
      case Merge merge -> List.of(merge(merge));
      case CopyTo copy -> List.of(copy(copy.source()));
      case CopyFrom copy -> List.of();
      case Truncate truncate -> List.of();
    };
  }

  private static List<SqlText> insert(Insert insert) {
    List<SqlText> reads = new ArrayList<>();
    switch (insert.source()) {
      case InsertSource.Rows rows -> {
        SqlText.Builder sql = start(insert.with());
        reads.add(sql.append(rows.query()).build());
      }
      case InsertSource.DefaultValues defaults -> {
        // Nothing is read.
      }
    }
    returned(insert.returning(), insert.target(), insert.alias()).ifPresent(reads::add);
    return reads;
  }

  /** RETURNING sees the target's rows alone. */
  private static Optional<SqlText> returned(
      Optional<SqlText> returning, ObjectName target, Optional<String> alias) {
    return returning.map(list ->
        SqlText.builder()
            .append("SELECT ")
            .append(list)
            .append(" FROM ")
            .append(table(target, alias))
            .build());
  }

  private static List<SqlText> with(SqlText read, Optional<SqlText> returned) {
    return returned.map(more -> List.of(read, more)).orElse(List.of(read));
  }

  private static SqlText update(Update update) {
    SqlText.Builder sql = start(update.with()).append("SELECT ");
    for (Assignment assignment : update.assignments()) {
      assigned(sql, assignment);
    }
    sql.append("1");
    sql.append(" FROM ").append(table(update.target(), update.alias()));
    update.from().ifPresent(from -> sql.append(", ").append(from));
    return where(sql, update.where()).build();
  }

  private static SqlText delete(Delete delete) {
    SqlText.Builder sql = start(delete.with()).append("SELECT ");
    sql.append("1");
    sql.append(" FROM ").append(table(delete.target(), delete.alias()));
    delete.using().ifPresent(using -> sql.append(", ").append(using));
    return where(sql, delete.where()).build();
  }

  private static SqlText merge(Merge merge) {
    SqlText.Builder sql = start(merge.with()).append("SELECT ");
    for (MergeClause clause : merge.clauses()) {
      clause.condition().ifPresent(condition -> expression(sql, condition));
      switch (clause.action()) {
        case MergeAction.UpdateSet set -> set.assignments().forEach(a -> assigned(sql, a));
        case MergeAction.InsertValues insert ->
            insert.values().stream()
                .filter(value -> !isDefault(value))
                .forEach(value -> expression(sql, value));
        case MergeAction.Fail fail -> fail.message().ifPresent(m -> expression(sql, m));
        case MergeAction.UpdateAll all -> sql.append("*, ");
        case MergeAction.InsertAll all -> sql.append("*, ");
        case MergeAction.DeleteRow delete -> {
          // Reads nothing.
        }
        case MergeAction.InsertDefaults defaults -> {
          // Reads nothing.
        }
        case MergeAction.DoNothing nothing -> {
          // Reads nothing.
        }
      }
    }
    returning(sql, merge.returning());
    sql.append(" FROM ").append(table(merge.target(), merge.alias()));
    // A full join: conditions see both sides, and no row of either may be left out beforehand.
    sql.append(" FULL JOIN ").append(merge.source());
    return switch (merge.condition()) {
      case MergeCondition.On on -> sql.append(" ON (").append(on.expression()).append(")").build();
      case MergeCondition.Using using ->
          sql.append(
                  using.columns().stream()
                      .map(Identifiers::quote)
                      .collect(Collectors.joining(", ", " USING (", ")")))
              .build();
    };
  }

  private static SqlText copy(CopySource source) {
    return switch (source) {
      case CopySource.Rows rows -> rows.query();
      case CopySource.Table table ->
          SqlText.of(
              "SELECT "
                  + (table.columns().isEmpty()
                      ? "*"
                      : table.columns().stream()
                          .map(Identifiers::quote)
                          .collect(Collectors.joining(", ")))
                  + " FROM "
                  + table(table.name(), Optional.empty()));
    };
  }

  private static SqlText.Builder start(Optional<SqlText> with) {
    SqlText.Builder sql = SqlText.builder();
    with.ifPresent(clause -> sql.append(clause).append(" "));
    return sql;
  }

  private static void assigned(SqlText.Builder sql, Assignment assignment) {
    if (!assignment.isDefault()) {
      expression(sql, assignment.expression());
    }
  }

  private static boolean isDefault(SqlText value) {
    return value.toString().equalsIgnoreCase("DEFAULT");
  }

  private static void expression(SqlText.Builder sql, SqlText expression) {
    sql.append("(").append(expression).append("), ");
  }

  private static void returning(SqlText.Builder sql, Optional<SqlText> returning) {
    if (returning.isPresent()) {
      sql.append(returning.get());
    } else {
      sql.append("1");
    }
  }

  private static SqlText.Builder where(SqlText.Builder sql, Optional<SqlText> where) {
    where.ifPresent(condition -> sql.append(" WHERE (").append(condition).append(")"));
    return sql;
  }

  /** The table's name and alias as SQL; every part is quoted. */
  public static String table(ObjectName name, Optional<String> alias) {
    String quoted = name.parts().stream().map(Identifiers::quote).collect(Collectors.joining("."));
    return alias.map(a -> quoted + " AS " + Identifiers.quote(a)).orElse(quoted);
  }
}
