package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Functions that surely make one value of one row, always the same. Stateless. */
final class LocalFunctions {
  private static final Set<String> KNOWN =
      Set.of(
          "abs",
          "ceil",
          "ceiling",
          "coalesce",
          "concat",
          "concat_ws",
          "contains",
          "date_part",
          "date_trunc",
          "datepart",
          "datetrunc",
          "day",
          "dayofweek",
          "dayofyear",
          "ends_with",
          "exp",
          "floor",
          "format",
          "greatest",
          "hour",
          "if",
          "ifnull",
          "least",
          "left",
          "length",
          "ln",
          "log",
          "lower",
          "lpad",
          "ltrim",
          "minute",
          "month",
          "nullif",
          "power",
          "printf",
          "quarter",
          "replace",
          "right",
          "round",
          "rpad",
          "rtrim",
          "second",
          "sign",
          "sqrt",
          "starts_with",
          "strftime",
          "substr",
          "substring",
          "to_days",
          "to_hours",
          "to_months",
          "to_years",
          "trim",
          "trunc",
          "upper",
          "week",
          "year");

  private LocalFunctions() {}

  static boolean rowByRow(JsonNode function) {
    return function.path("is_operator").asBoolean() || KNOWN.contains(Trees.function(function));
  }
}
