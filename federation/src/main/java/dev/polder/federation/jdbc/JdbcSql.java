package dev.polder.federation.jdbc;

import dev.polder.federation.sql.SqlQueries;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The SQL that nearly every system knows. Stateless and thread-safe. */
final class JdbcSql extends SqlQueries {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  private final Product product;

  JdbcSql(Product product) {
    this.product = product;
  }

  @Override
  public String identifier(String name) {
    String quote = product.quote();
    if (!quote.isEmpty()) {
      return quote + name.replace(quote, quote + quote) + quote;
    }
    if (PLAIN.matcher(name).matches()) {
      return name;
    }
    throw new PolderException(
        ErrorCode.NOT_SUPPORTED, "the source cannot quote the name '" + name + "'");
  }

  /** No type's name is known to all systems; results are checked instead. */
  @Override
  public String sourceType(String duckType) {
    return duckType;
  }

  @Override
  protected String output(String text, RemoteExpression value) {
    return text;
  }

  @Override
  protected String aggregate(RemoteExpression.Aggregate aggregate) {
    String cast = super.aggregate(aggregate);
    return cast.substring("CAST(".length(), cast.lastIndexOf(" AS "));
  }

  /** Constants stand in conditions alone, where a bare number means no position. */
  @Override
  public String literal(RemoteExpression.Literal literal) {
    return switch (literal.value()) {
      case null -> "NULL";
      case Long number -> number.toString();
      case java.math.BigInteger number -> number.toString();
      case java.math.BigDecimal number -> number.toPlainString();
      default -> super.literal(literal);
    };
  }

  /** Not all know AS here. */
  @Override
  protected String from(RemoteFrom from) {
    return from instanceof RemoteFrom.Table(var id, var table)
        ? table(table) + ' ' + relation(id)
        : super.from(from);
  }

  @Override
  protected String order(String value, RemoteQuery.Order order) {
    return product.kind() == Product.Kind.MYSQL
        ? '('
            + value
            + " IS NULL)"
            + (order.nullsFirst() ? " DESC, " : " ASC, ")
            + value
            + (order.descending() ? " DESC" : " ASC")
        : super.order(value, order);
  }

  @Override
  protected String limit(OptionalLong limit, OptionalLong offset) {
    return super.limit(
        limit.isEmpty() && offset.isPresent() ? OptionalLong.of(Long.MAX_VALUE) : limit, offset);
  }
}
