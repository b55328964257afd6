package dev.polder.engine.internal.execute;

import dev.polder.lake.TimeTravel;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.AtClause;
import dev.polder.sql.analyse.AtValue;
import dev.polder.sql.analyse.FunctionKind;
import dev.polder.sql.analyse.FunctionPolicy;
import dev.polder.sql.analyse.FunctionReference;
import dev.polder.sql.analyse.QueryAnalyzer;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.bind.Constants;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.SqlText;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The moments that AT clauses name. A version is a commit's number. A timestamp is a text in the
 * session's time zone, an expression that gives one, or a whole number of milliseconds since the
 * epoch.
 */
final class TimeTravels {
  private TimeTravels() {}

  /** The moment of each table reference that has an AT clause, by its index. */
  static Map<Integer, TimeTravel> of(
      SqlText text,
      Analysis analysis,
      ParameterValues parameters,
      Constants constants,
      QueryAnalyzer analyzer) {
    Map<Integer, TimeTravel> times = new HashMap<>();
    for (TableReference reference : analysis.tables()) {
      reference
          .at()
          .ifPresent(at ->
              times.put(reference.index(), moment(text, at, parameters, constants, analyzer)));
    }
    return times;
  }

  private static TimeTravel moment(
      SqlText text,
      AtClause at,
      ParameterValues parameters,
      Constants constants,
      QueryAnalyzer analyzer) {
    Object value =
        switch (at.value()) {
          case AtValue.Constant(String constant) -> constant;
          case AtValue.Parameter(String name) -> parameters.value(name).orElse(null);
          case AtValue.Expression(var _) ->
              constants.evaluate(checked(expression(text, at), analyzer), List.of());
        };
    int position = at.span().map(span -> text.position(span.start())).orElse(-1);
    return switch (at.unit()) {
      case VERSION -> version(value, position);
      case TIMESTAMP -> timestamp(value, constants, position);
    };
  }

  /** What stands between the arrow and the clause's last bracket. */
  private static String expression(SqlText text, AtClause at) {
    Span span =
        at.span()
            .orElseThrow(() ->
                new PolderException(ErrorCode.NOT_SUPPORTED, "AT cannot be read in this form"));
    String clause = text.toString().substring(span.start(), span.end());
    List<Token> tokens = Lexer.tokens(clause);
    for (int i = 0; i < tokens.size() - 1; i++) {
      int end = tokens.get(i).end();
      if (clause.startsWith("=>", end - 2)) {
        return clause.substring(end, tokens.getLast().start());
      }
      if (clause.startsWith("=>", tokens.get(i).start())) {
        return clause.substring(tokens.get(i).start() + 2, tokens.getLast().start());
      }
    }
    throw new PolderException(ErrorCode.SYNTAX_ERROR, "AT takes an expression after =>");
  }

  /** It is evaluated before anything is authorised, so it may read nothing. */
  private static String checked(String expression, QueryAnalyzer analyzer) {
    String enclosed = "(" + expression + "\n)";
    Analysis analysis = analyzer.analyze(SqlText.of("SELECT " + enclosed));
    if (!analysis.tables().isEmpty()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "AT takes a constant expression; it cannot read tables");
    }
    for (FunctionReference function : analysis.functions()) {
      if (function.kind() == FunctionKind.TABLE) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED, "AT takes a constant expression; it cannot read tables");
      }
      FunctionPolicy.check(function, -1);
    }
    return enclosed;
  }

  private static TimeTravel version(@Nullable Object value, int position) {
    if (value instanceof Number number) {
      return new TimeTravel.AtSeq(number.longValue());
    }
    if (value instanceof String string && isNumber(string)) {
      return new TimeTravel.AtSeq(Long.parseLong(string.strip()));
    }
    throw new PolderException(
        ErrorCode.VERSION_NOT_FOUND, "AT (VERSION => …) takes a commit's number", position, null);
  }

  private static TimeTravel timestamp(@Nullable Object value, Constants constants, int position) {
    Object moment = value;
    if (moment instanceof String string) {
      moment =
          isNumber(string)
              ? Long.valueOf(string.strip())
              : constants.evaluate("TRY_CAST(? AS TIMESTAMPTZ)", List.of(string));
    }
    return switch (moment) {
      case OffsetDateTime time -> micros(time.toInstant());
      case Instant time -> micros(time);
      case java.sql.Timestamp time -> micros(time.toInstant());
      case LocalDateTime time -> micros(time.toInstant(ZoneOffset.UTC));
      case LocalDate date -> micros(date.atStartOfDay().toInstant(ZoneOffset.UTC));
      case Number millis -> new TimeTravel.AtMicros(Math.multiplyExact(millis.longValue(), 1_000L));
      case null, default ->
          throw new PolderException(
              ErrorCode.VERSION_NOT_FOUND,
              "not a time: use a timestamp such as '2026-01-31 12:00:00+00' or milliseconds since"
                  + " 1970",
              position,
              null);
    };
  }

  private static boolean isNumber(String text) {
    String digits = text.strip();
    return !digits.isEmpty()
        && digits.length() <= 18
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static TimeTravel micros(Instant time) {
    return new TimeTravel.AtMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }
}
