package dev.polder.metastore.internal;

import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The current row of a result, read column by column from the left: each call takes the next one.
 * Not thread-safe.
 */
public final class Row {
  private final ResultSet results;
  private int column;

  Row(ResultSet results) {
    this.results = results;
  }

  boolean next() throws SQLException {
    column = 0;
    return results.next();
  }

  public String text() throws SQLException {
    String value = results.getString(++column);
    if (value == null) {
      throw new SQLException("column " + column + " is null");
    }
    return value;
  }

  public Optional<String> optionalText() throws SQLException {
    return Optional.ofNullable(results.getString(++column));
  }

  public long integer() throws SQLException {
    return results.getLong(++column);
  }

  public OptionalLong optionalInteger() throws SQLException {
    long value = results.getLong(++column);
    return results.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** A field id, stored as −1 where there is none so that it can be part of a key. */
  public OptionalInt fieldId() throws SQLException {
    int value = results.getInt(++column);
    return value < 0 ? OptionalInt.empty() : OptionalInt.of(value);
  }

  public boolean flag() throws SQLException {
    return results.getInt(++column) != 0;
  }

  public <E extends Enum<E>> E enumeration(Class<E> type) throws SQLException {
    return Enum.valueOf(type, text());
  }

  public Map<String, String> properties() throws SQLException {
    return Json.read(text());
  }

  /** A tenant, stored as an empty text for what belongs to the server. */
  public Optional<TenantId> owningTenant() throws SQLException {
    String value = text();
    return value.isEmpty() ? Optional.empty() : Optional.of(new TenantId(value));
  }

  /** Two columns: database and tenant. */
  public SpaceKey space() throws SQLException {
    return new SpaceKey(new DatabaseId(integer()), new TenantId(text()));
  }

  /** Makes a value of the current row. */
  @FunctionalInterface
  public interface Mapper<T> {
    T map(Row row) throws SQLException;
  }
}
