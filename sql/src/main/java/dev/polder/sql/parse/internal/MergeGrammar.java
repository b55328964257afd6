package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.MergeAction;
import dev.polder.sql.statement.MergeClause;
import dev.polder.sql.statement.MergeClause.Match;
import dev.polder.sql.statement.MergeCondition;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The head of MERGE. One use per instance. */
final class MergeGrammar {
  private static final Set<String> AFTER_ASSIGNMENT = Set.of(",", "WHEN", "RETURNING");
  private static final Set<String> NEXT_CLAUSE = Set.of("WHEN", "RETURNING");

  private final Cursor cursor;
  private final Optional<SqlText> with;

  MergeGrammar(Cursor cursor, Optional<SqlText> with) {
    this.cursor = cursor;
    this.with = with;
  }

  Merge merge() {
    cursor.expect("MERGE", "INTO");
    ObjectName target = cursor.objectName("a table");
    Optional<String> alias = DataGrammar.alias(cursor, "USING");
    cursor.expect("USING");
    SqlText source = cursor.until("a source", Set.of("ON", "USING", "WHEN", "JOIN", ","));
    if (cursor.at("JOIN") || cursor.at(",")) {
      throw cursor.notSupported(
          "the source of a MERGE is one table or subquery; put the join in a subquery");
    }
    MergeCondition condition = condition();
    List<MergeClause> clauses = new ArrayList<>();
    do {
      clauses.add(clause());
    } while (cursor.at("WHEN"));
    return new Merge(
        cursor.text(),
        with,
        target,
        alias,
        source,
        condition,
        clauses,
        DataGrammar.returning(cursor));
  }

  private MergeCondition condition() {
    if (cursor.accept("USING")) {
      return new MergeCondition.Using(cursor.nameList("a column"));
    }
    cursor.expect("ON");
    return new MergeCondition.On(cursor.until("a condition", NEXT_CLAUSE));
  }

  private MergeClause clause() {
    cursor.expect("WHEN");
    Match match = match();
    Optional<SqlText> condition =
        cursor.accept("AND")
            ? Optional.of(cursor.until("a condition", Set.of("THEN")))
            : Optional.empty();
    cursor.expect("THEN");
    int start = cursor.token(0).start();
    MergeAction action = action();
    boolean inserts =
        switch (action) {
          case MergeAction.InsertAll all -> true;
          case MergeAction.InsertValues values -> true;
          case MergeAction.InsertDefaults defaults -> true;
          case MergeAction.UpdateAll all -> false;
          case MergeAction.UpdateSet set -> false;
          case MergeAction.DeleteRow delete -> false;
          case MergeAction.DoNothing nothing -> match == Match.NOT_MATCHED_BY_TARGET;
          case MergeAction.Fail fail -> match == Match.NOT_MATCHED_BY_TARGET;
        };
    if (inserts != (match == Match.NOT_MATCHED_BY_TARGET)) {
      throw cursor.error(
          ErrorCode.SYNTAX_ERROR,
          inserts
              ? "only a row that the target lacks can be inserted"
              : "a row that the target lacks cannot be updated or deleted",
          start);
    }
    return new MergeClause(match, condition, action);
  }

  private Match match() {
    if (cursor.accept("MATCHED")) {
      return Match.MATCHED;
    }
    cursor.expect("NOT", "MATCHED");
    if (cursor.accept("BY", "SOURCE")) {
      return Match.NOT_MATCHED_BY_SOURCE;
    }
    cursor.accept("BY", "TARGET");
    return Match.NOT_MATCHED_BY_TARGET;
  }

  private MergeAction action() {
    if (cursor.accept("UPDATE")) {
      return update();
    }
    if (cursor.accept("INSERT")) {
      return insert();
    }
    if (cursor.accept("DELETE")) {
      return new MergeAction.DeleteRow();
    }
    if (cursor.accept("DO", "NOTHING")) {
      return new MergeAction.DoNothing();
    }
    cursor.expect("ERROR");
    boolean bare = cursor.atEnd() || cursor.at("WHEN") || cursor.at("RETURNING");
    return new MergeAction.Fail(
        bare ? Optional.empty() : Optional.of(cursor.until("a message", NEXT_CLAUSE)));
  }

  private MergeAction update() {
    if (cursor.accept("SET")) {
      return cursor.accept("*")
          ? new MergeAction.UpdateAll(false)
          : new MergeAction.UpdateSet(DataGrammar.assignments(cursor, AFTER_ASSIGNMENT));
    }
    return new MergeAction.UpdateAll(byName());
  }

  private MergeAction insert() {
    if (cursor.accept("DEFAULT", "VALUES")) {
      return new MergeAction.InsertDefaults();
    }
    boolean byName = byName();
    if (cursor.accept("*") || byName) {
      return new MergeAction.InsertAll(byName);
    }
    List<String> columns = cursor.at("(") ? cursor.nameList("a column") : List.of();
    if (columns.isEmpty() && !cursor.at("VALUES")) {
      return new MergeAction.InsertAll(false);
    }
    cursor.expect("VALUES", "(");
    List<SqlText> values = new ArrayList<>();
    do {
      values.add(cursor.until("an expression", Set.of(",")));
    } while (cursor.accept(","));
    cursor.expect(")");
    return new MergeAction.InsertValues(columns, values);
  }

  private boolean byName() {
    if (cursor.accept("BY", "NAME")) {
      return true;
    }
    cursor.accept("BY", "POSITION");
    return false;
  }
}
