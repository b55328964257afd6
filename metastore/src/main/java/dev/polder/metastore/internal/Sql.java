package dev.polder.metastore.internal;

import dev.polder.model.ClusterName;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.GroupId;
import dev.polder.model.GroupName;
import dev.polder.model.JobId;
import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.Secret;
import dev.polder.model.SourceAlias;
import dev.polder.model.SourceId;
import dev.polder.model.TenantId;
import dev.polder.model.TokenId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection with its prepared statements, each prepared once and kept. Statements use only SQL
 * that SQLite and PostgreSQL share. Owned by one transaction at a time; not thread-safe.
 */
public final class Sql implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  public Sql(Connection connection) {
    this.connection = connection;
  }

  /** The first row, if there is one. */
  public <T> Optional<T> one(String sql, Row.Mapper<T> mapper, @Nullable Object... arguments) {
    try (ResultSet results = bound(sql, arguments).executeQuery()) {
      Row row = new Row(results);
      return row.next() ? Optional.of(mapper.map(row)) : Optional.empty();
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  public <T> List<T> list(String sql, Row.Mapper<T> mapper, @Nullable Object... arguments) {
    try (ResultSet results = bound(sql, arguments).executeQuery()) {
      Row row = new Row(results);
      List<T> all = new ArrayList<>();
      while (row.next()) {
        all.add(mapper.map(row));
      }
      return all;
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  public boolean exists(String sql, @Nullable Object... arguments) {
    return one(sql, row -> true, arguments).isPresent();
  }

  /** The one number that the statement returns; an update may return it with RETURNING. */
  public long number(String sql, @Nullable Object... arguments) {
    return one(sql, Row::integer, arguments)
        .orElseThrow(() -> new IllegalStateException("no row from: " + sql));
  }

  /** Returns how many rows changed. */
  public int update(String sql, @Nullable Object... arguments) {
    try {
      return bound(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  /** Runs one statement with each of the argument lists. */
  public void updateAll(String sql, List<@Nullable Object[]> rows) {
    try {
      PreparedStatement statement = statement(sql);
      for (@Nullable Object[] row : rows) {
        bind(statement, row);
        statement.addBatch();
      }
      if (!rows.isEmpty()) {
        statement.executeBatch();
      }
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  void execute(String sql) throws SQLException {
    statement(sql).execute();
  }

  private PreparedStatement bound(String sql, @Nullable Object[] arguments) throws SQLException {
    PreparedStatement statement = statement(sql);
    bind(statement, arguments);
    return statement;
  }

  private PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] arguments)
      throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      bind(statement, i + 1, arguments[i]);
    }
  }

  private static void bind(PreparedStatement statement, int at, @Nullable Object argument)
      throws SQLException {
    switch (argument) {
      case null -> statement.setNull(at, Types.NULL);
      case String text -> statement.setString(at, text);
      case Long number -> statement.setLong(at, number);
      case Integer number -> statement.setLong(at, number);
      case Boolean flag -> statement.setLong(at, flag ? 1 : 0);
      case Enum<?> word -> statement.setString(at, word.name());
      case Optional<?> optional -> bind(statement, at, optional.orElse(null));
      case OptionalLong number when number.isPresent() -> statement.setLong(at, number.getAsLong());
      case OptionalLong absent -> statement.setNull(at, Types.NULL);
      case OptionalInt fieldId -> statement.setLong(at, fieldId.orElse(-1));
      case Map<?, ?> properties -> statement.setString(at, Json.write(typed(properties)));
      case Secret secret -> statement.setString(at, secret.reveal());
      case DatabaseId id -> statement.setLong(at, id.value());
      case CollectionId id -> statement.setString(at, id.value());
      case SchemaId id -> statement.setString(at, id.value());
      case TenantId id -> statement.setString(at, id.value());
      case PrincipalId id -> statement.setString(at, id.value());
      case GroupId id -> statement.setString(at, id.value());
      case RoleId id -> statement.setString(at, id.value());
      case PolicyId id -> statement.setString(at, id.value());
      case TokenId id -> statement.setString(at, id.value());
      case JobId id -> statement.setString(at, id.value());
      case SourceId id -> statement.setString(at, id.value());
      case SourceAlias alias -> statement.setString(at, alias.value());
      case ClusterName name -> statement.setString(at, name.value());
      case DatabaseName name -> statement.setString(at, name.value());
      case SchemaName name -> statement.setString(at, name.value());
      case PrincipalName name -> statement.setString(at, name.value());
      case GroupName name -> statement.setString(at, name.value());
      case RoleName name -> statement.setString(at, name.value());
      default -> throw new IllegalArgumentException("cannot bind " + argument.getClass());
    }
  }

  private static Map<String, String> typed(Map<?, ?> properties) {
    Map<String, String> texts = new HashMap<>();
    properties.forEach((key, value) -> texts.put((String) key, (String) value));
    return texts;
  }

  /** What a tenant is stored as: an empty text for what belongs to the server. */
  public static String owner(Optional<TenantId> tenant) {
    return tenant.map(TenantId::value).orElse("");
  }

  /** Closes the connection, and with it the statements. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
