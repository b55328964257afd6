package dev.polder.sql.authorise;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.PolicyContext;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.FunctionPolicy;
import dev.polder.sql.analyse.FunctionReference;
import dev.polder.sql.analyse.QueryAnalyzer;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.SqlText.Edit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the expressions of row filters and column masks, and puts the asker's values in place of
 * {@code current_user}, {@code current_tenant()}, {@code has_role('x')} and {@code in_group('x')}.
 * Thread-safe.
 */
public final class PolicyExpression {
  private static final String PREFIX = "SELECT (";
  private static final String SUFFIX = ")";

  private final QueryAnalyzer analyzer;

  public PolicyExpression(QueryAnalyzer analyzer) {
    this.analyzer = analyzer;
  }

  /**
   * Checks an expression before it is stored.
   *
   * @param columns the lower-cased names of its table's columns
   * @throws PolderException SYNTAX_ERROR, FUNCTION_NOT_ALLOWED, NOT_SUPPORTED for parameters and
   *     for tables outside of subqueries
   */
  public void check(String expression, Set<String> columns) {
    Analysis analysis = analyzer.analyze(SqlText.of(PREFIX + expression + SUFFIX));
    PolicyNames.check(expression, columns);
    String own = PolicyText.of(expression).with(subquery -> "(NULL)");
    if (!analyzer.analyze(SqlText.of(PREFIX + own + SUFFIX)).tables().isEmpty()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "a row filter or mask reads other tables only in a subquery of its own in parentheses,"
              + " such as region IN (SELECT region FROM s.regions WHERE who = current_user)");
    }
    if (analysis.tables().stream().anyMatch(table -> table.name().parts().size() < 2)) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "name the tables in a row filter or mask with their schema, such as s.regions");
    }
    if (analysis.parameters().count() > 0) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "a row filter or mask cannot have parameters");
    }
    for (FunctionReference function : analysis.functions()) {
      if (!isToken(function.name())) {
        FunctionPolicy.check(function, -1);
      }
    }
    bound(expression, analysis, Optional.empty());
  }

  /** The expression with the asker's values in it. */
  public String bind(String expression, PolicyContext context) {
    Analysis analysis = analyzer.analyze(SqlText.of(PREFIX + expression + SUFFIX));
    return bound(expression, analysis, Optional.of(context));
  }

  private static String bound(
      String expression, Analysis analysis, Optional<PolicyContext> context) {
    String text = PREFIX + expression + SUFFIX;
    List<Edit> edits = new ArrayList<>();
    for (FunctionReference function : analysis.functions()) {
      if (isToken(function.name())) {
        Span span =
            function
                .span()
                .orElseThrow(() ->
                    new PolderException(
                        ErrorCode.NOT_SUPPORTED,
                        "cannot tell where " + function.name() + " stands; write it plainly"));
        String call = text.substring(span.start(), span.end());
        edits.add(
            new Edit(
                span.start(),
                span.end(),
                context.map(values -> value(function.name(), call, values)).orElse("NULL")));
        argument(function.name(), call);
      }
    }
    for (Token token : Lexer.tokens(text)) {
      if (token.kind() == Token.Kind.WORD
          && text.substring(token.start(), token.end()).equalsIgnoreCase("current_user")
          && text.charAt(token.start() - 1) != '.') {
        edits.add(
            new Edit(
                token.start(),
                token.end(),
                context.map(values -> value("current_user", "", values)).orElse("NULL")));
      }
    }
    edits.sort(Comparator.comparingInt(Edit::start));
    String edited = SqlText.of(text).edited(edits).toString();
    return edited.substring(PREFIX.length() - 1);
  }

  private static boolean isToken(String function) {
    return switch (function) {
      case "current_tenant", "has_role", "in_group" -> true;
      default -> false;
    };
  }

  private static String value(String function, String call, PolicyContext context) {
    return switch (function) {
      case "current_user" -> quoted(context.user().value());
      case "current_tenant" -> quoted(context.tenant().value());
      case "has_role" -> context.hasRole(argument(function, call)) ? "true" : "false";
      case "in_group" -> context.inGroup(argument(function, call)) ? "true" : "false";
      default -> throw new IllegalStateException(function);
    };
  }

  /** The literal in {@code has_role('x')}. */
  private static String argument(String function, String call) {
    if (!function.equals("has_role") && !function.equals("in_group")) {
      return "";
    }
    for (Token token : Lexer.tokens(call)) {
      if (token.kind() == Token.Kind.STRING) {
        return call.substring(token.start() + 1, token.end() - 1).replace("''", "'");
      }
    }
    throw new PolderException(
        ErrorCode.NOT_SUPPORTED,
        function + "() takes one string literal, such as " + function + "('analyst')");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
