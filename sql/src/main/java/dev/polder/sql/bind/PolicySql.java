package dev.polder.sql.bind;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.authorise.AuthorizedPolicies.Expression;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.PolicyText.Subquery;
import dev.polder.sql.authorise.PolicyText.Use;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The expressions of row filters and masks as SQL. Their subqueries are evaluated first and their
 * values written into the expression, so that it stays a predicate of the scan. What is too much
 * for that becomes a view of its own, which no column of the table around it can reach. For one
 * binding.
 */
final class PolicySql {
  /** DuckDB compares each row with each value: above this, a join is faster. */
  private static final int MAX_VALUES = 1_000;

  private final Subqueries subqueries;
  private final Function<AuthorizedQuery, Prepared> prepare;
  private final Function<AuthorizedQuery, String> view;
  private final Map<String, Optional<String>> known = new HashMap<>();

  /** A subquery with a catalog of its own. */
  record Prepared(CatalogContents contents, String sql) {}

  /**
   * @param prepare binds a subquery on its own
   * @param view makes a subquery a view beside the tables' and gives its name
   */
  PolicySql(
      Subqueries subqueries,
      Function<AuthorizedQuery, Prepared> prepare,
      Function<AuthorizedQuery, String> view) {
    this.subqueries = subqueries;
    this.prepare = prepare;
    this.view = view;
  }

  /**
   * An expression's SQL.
   *
   * @param complete whether nothing in it refers to views
   */
  record Written(String sql, boolean complete) {}

  Written write(Expression expression) {
    List<Subquery> parts = expression.text().subqueries();
    boolean[] complete = {true};
    String sql =
        expression
            .text()
            .with(part -> {
              AuthorizedQuery query = expression.subqueries().get(parts.indexOf(part));
              Optional<String> value = value(expression, part, query);
              complete[0] &= value.isPresent();
              return value.orElseGet(() ->
                  (part.use() == Use.EXISTS ? "EXISTS " : "")
                      + "(SELECT * FROM "
                      + view.apply(query)
                      + ")");
            });
    return new Written(sql, complete[0]);
  }

  private Optional<String> value(Expression expression, Subquery part, AuthorizedQuery query) {
    String key = part.use() + query.text().toString();
    Optional<String> value = known.get(key);
    if (value == null) {
      try {
        value = evaluated(part.use(), prepare.apply(query));
      } catch (PolderException e) {
        throw failure(expression, e);
      }
      known.put(key, value);
    }
    return value;
  }

  private Optional<String> evaluated(Use use, Prepared query) {
    String source = "(" + query.sql() + "\n) AS q";
    return switch (use) {
      case EXISTS ->
          Optional.of(
              subqueries.rows(query.contents(), "SELECT 1 FROM " + source + " LIMIT 1").isEmpty()
                  ? "false"
                  : "true");
      case LIST, VALUE -> {
        List<String> types = subqueries.types(query.contents(), query.sql());
        yield types.size() == 1 && isPlain(types.getFirst())
            ? values(use, query.contents(), source, types.getFirst())
            : Optional.empty();
      }
      case OTHER -> Optional.empty();
    };
  }

  private Optional<String> values(Use use, CatalogContents contents, String source, String type) {
    int limit = use == Use.VALUE ? 1 : MAX_VALUES;
    List<String> found =
        subqueries
            .rows(contents, "SELECT CAST(c AS VARCHAR) FROM " + source + "(c) LIMIT " + (limit + 1))
            .stream()
            .map(row -> literal(row.getFirst(), type))
            .distinct()
            .toList();
    if (use == Use.LIST) {
      // An empty list cannot be written; the view is as empty.
      return found.isEmpty() || found.size() > limit || found.stream().anyMatch(PolicySql::isBinary)
          ? Optional.empty()
          : Optional.of(found.stream().collect(Collectors.joining(", ", "(", ")")));
    }
    if (found.size() > 1) {
      throw new PolderException(
          ErrorCode.CARDINALITY_VIOLATION, "a subquery for one value gives several rows");
    }
    String only = found.isEmpty() ? literal(null, type) : found.getFirst();
    return isBinary(only) ? Optional.empty() : Optional.of("(" + only + ")");
  }

  private static String literal(@Nullable Object text, String type) {
    return text == null
        ? "CAST(NULL AS " + type + ")"
        : "CAST(" + SqlNames.literal(text.toString()) + " AS " + type + ")";
  }

  /** A text that no SQL can hold. */
  private static boolean isBinary(String sql) {
    return sql.indexOf('\0') >= 0;
  }

  /** Types whose values are the same again after being text. */
  private static boolean isPlain(String type) {
    String name = type.toUpperCase(Locale.ROOT);
    if (name.startsWith("DECIMAL(") && name.endsWith(")")) {
      return true;
    }
    return switch (name) {
      case "BOOLEAN",
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "UHUGEINT",
          "FLOAT",
          "DOUBLE",
          "VARCHAR",
          "UUID",
          "DATE",
          "TIME",
          "TIMESTAMP",
          "TIMESTAMP_NS",
          "TIMESTAMP WITH TIME ZONE" ->
          true;
      default -> false;
    };
  }

  /** Says nothing of the values: they may be hidden from who asks. */
  private static PolderException failure(Expression expression, PolderException e) {
    return switch (e.code()) {
      case COLUMN_NOT_FOUND, BINDING_ERROR ->
          new PolderException(
              ErrorCode.NOT_SUPPORTED,
              expression.shown()
                  + " cannot be applied: its subquery must stand by itself, with columns of the"
                  + " tables in its own FROM alone",
              e);
      case CARDINALITY_VIOLATION,
          CONVERSION_ERROR,
          DIVISION_BY_ZERO,
          OUT_OF_RANGE,
          DATA_EXCEPTION,
          TYPE_MISMATCH ->
          new PolderException(
              e.code(),
              expression.shown() + " cannot be applied: its subquery fails; ask who made it",
              e);
      default -> e;
    };
  }
}
