package dev.polder.engine.internal.show;

import dev.polder.duck.PreparedShape;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.QueryBinding;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.PolicyContext;
import dev.polder.sql.authorise.PolicyExpression;
import dev.polder.sql.authorise.PolicyText;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.statement.Identifiers;
import dev.polder.sql.statement.SqlText;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Types;

/**
 * Proves a policy's expression before it is stored, so that a mistake shows to its author and not
 * to the table's readers. It is bound to a stand-in of the table: its columns, one row of NULLs, no
 * data, as somebody who holds no role. Stateless.
 */
final class PolicyCheck {
  private PolicyCheck() {}

  static void rowFilter(StatementContext context, Places.Found table, String expression) {
    String bound = bound(context, table, expression);
    try (Execution execution = context.execution()) {
      String type = type(execution, "SELECT (" + bound + ") FROM " + standIn(table));
      if (!type.equals("BOOLEAN")) {
        throw new PolderException(
            ErrorCode.TYPE_MISMATCH,
            "a row filter is a condition, but this expression is of type " + type);
      }
    }
  }

  static void columnMask(
      StatementContext context, Places.Found table, Types.NestedField column, String expression) {
    String bound = bound(context, table, expression);
    String wanted = IcebergTypes.toDuck(column.type());
    try (Execution execution = context.execution()) {
      String type = type(execution, "SELECT (" + bound + ") FROM " + standIn(table));
      boolean textForAnother =
          type.equals("VARCHAR") && !wanted.equals("VARCHAR") && !isConstant(execution, bound);
      if (textForAnother) {
        throw mismatch(column, type, wanted);
      }
      // What no row at all can be cast to is found out by casting one.
      try {
        execution
            .connection()
            .rows(
                "SELECT CAST((" + bound + ") AS " + wanted + ") FROM " + standIn(table), List.of());
      } catch (PolderException e) {
        throw switch (e.code()) {
          case CONVERSION_ERROR, BINDING_ERROR, TYPE_MISMATCH, OUT_OF_RANGE ->
              mismatch(column, type, wanted);
          default -> e;
        };
      }
    }
  }

  private static PolderException mismatch(Types.NestedField column, String type, String wanted) {
    return new PolderException(
        ErrorCode.TYPE_MISMATCH,
        "the mask's values of type "
            + type
            + " do not fit column "
            + column.name()
            + " of type "
            + wanted
            + "; write a CAST or use NULL");
  }

  /** The expression with values of the right types in the place of its subqueries. */
  private static String bound(StatementContext context, Places.Found table, String expression) {
    PolicyExpression expressions = context.engine().policyExpression();
    expressions.check(
        expression,
        table.schema().columns().stream()
            .map(column -> column.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet()));
    PolicyContext nobody =
        new PolicyContext(
            context.session().identity().name(),
            table.entry().space().tenant(),
            Set.of(),
            Set.of());
    return PolicyText.of(expressions.bind(expression, nobody))
        .with(subquery -> value(context, table, subquery));
  }

  private static String value(
      StatementContext context, Places.Found table, PolicyText.Subquery subquery) {
    List<String> types;
    try (Execution execution = context.execution()) {
      BoundQuery bound =
          new QueryBinding(context, execution)
              .bindPolicy(SqlText.of(subquery.query()), table.entry().id());
      types = execution.types(bound.contents(), bound.text().toString());
    } catch (PolderException e) {
      throw switch (e.code()) {
        case COLUMN_NOT_FOUND ->
            new PolderException(
                ErrorCode.NOT_SUPPORTED,
                "a policy's subquery must stand by itself, with columns of the tables in its own"
                    + " FROM alone: "
                    + e.getMessage());
        default -> e;
      };
    }
    String values =
        types.stream()
            .map(type -> "CAST(NULL AS " + (type.equals("NULL") ? "VARCHAR" : type) + ")")
            .collect(Collectors.joining(", "));
    return switch (subquery.use()) {
      case EXISTS -> "true";
      case LIST, OTHER -> "(SELECT " + values + ")";
      case VALUE -> "(" + values + ")";
    };
  }

  private static String standIn(Places.Found table) {
    return table.schema().columns().stream()
        .map(field ->
            "CAST(NULL AS "
                + IcebergTypes.toDuck(field.type())
                + ") AS "
                + Identifiers.quote(field.name()))
        .collect(Collectors.joining(", ", "(SELECT ", ") AS t"));
  }

  private static String type(Execution execution, String sql) {
    PreparedShape shape = execution.connection().describe(sql, execution.allocator());
    return shape.columns().getFirst().duckType();
  }

  private static boolean isConstant(Execution execution, String bound) {
    try {
      type(execution, "SELECT (" + bound + ")");
      return true;
    } catch (PolderException e) {
      return switch (e.code()) {
        case COLUMN_NOT_FOUND, BINDING_ERROR, COLLECTION_NOT_FOUND -> false;
        default -> throw e;
      };
    }
  }
}
