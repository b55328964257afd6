package dev.polder.sql.pushdown;

import dev.polder.sql.Duck;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.QueryAnalyzer;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.bind.Constants;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.statement.SqlText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A DuckDB that is both the source and the engine. */
final class Shop implements AutoCloseable {
  static final String TABLES =
      """
      CREATE TABLE item (id INTEGER, big BIGINT, small TINYINT, price DECIMAL(15,2), ratio DOUBLE,
        name VARCHAR, day DATE, made TIMESTAMP, flag BOOLEAN);
      CREATE TABLE part (id INTEGER, item_id INTEGER, amount DECIMAL(10,3), label VARCHAR,
        day DATE, weight BIGINT);
      CREATE TABLE near (id INTEGER, item_id BIGINT, label VARCHAR, day DATE,
        cost DECIMAL(9,3));
      INSERT INTO item SELECT
        CASE WHEN i % 17 = 0 THEN NULL ELSE i % 40 END,
        CASE WHEN i % 13 = 0 THEN NULL ELSE hash(i) % 1000 END,
        (i % 7)::TINYINT,
        CASE WHEN i % 11 = 0 THEN NULL ELSE ((hash(i + 1) % 10000) / 100)::DECIMAL(15,2) END,
        CASE WHEN i % 19 = 0 THEN NULL ELSE (i % 10) / 4 END,
        CASE WHEN i % 9 = 0 THEN NULL ELSE ['ape', 'bear', 'Cat', 'a%b', '', 'zoë'][1 + i % 6] END,
        DATE '1995-01-01' + (i * 7 % 400)::INTEGER,
        TIMESTAMP '1995-01-01 00:00:00' + to_hours(i * 5),
        CASE WHEN i % 5 = 0 THEN NULL ELSE i % 2 = 0 END
        FROM range(120) t(i);
      INSERT INTO part SELECT
        i, CASE WHEN i % 8 = 0 THEN NULL ELSE i % 50 END,
        (hash(i + 7) % 50000 / 1000)::DECIMAL(10,3),
        ['ape', 'dog', 'a%b', NULL][1 + i % 4],
        DATE '1995-02-01' + (i * 3 % 200)::INTEGER, i * 3
        FROM range(90) t(i);
      INSERT INTO near SELECT i, i % 30, ['ape', 'cow', NULL][1 + i % 3],
        DATE '1995-01-15' + (i * 11 % 300)::INTEGER, i / 8 FROM range(60) t(i);
      """;

  private final Duck duck = new Duck();
  final QueryAnalyzer analyzer = new QueryAnalyzer(duck::parseSparse);

  Shop(String tables) {
    for (String statement : tables.split(";", -1)) {
      if (!statement.isBlank()) {
        run(statement);
      }
    }
  }

  void run(String sql) {
    try (Statement statement = duck.connection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  Duck duck() {
    return duck;
  }

  /** The answer: names with types, then the rows. */
  List<String> answer(String sql) throws SQLException {
    try (Statement statement = duck.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      ResultSetMetaData data = rows.getMetaData();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= data.getColumnCount(); i++) {
        names.add(data.getColumnName(i) + " " + data.getColumnTypeName(i));
      }
      List<String> result = new ArrayList<>();
      result.add(names.toString());
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
          row.add(String.valueOf(rows.getObject(i)));
        }
        result.add(row.toString());
      }
      return result;
    }
  }

  Constants constants() {
    return (expression, parameters) -> {
      try (PreparedStatement statement =
          duck.connection().prepareStatement("SELECT " + expression)) {
        for (int i = 0; i < parameters.size(); i++) {
          statement.setObject(i + 1, parameters.get(i));
        }
        try (ResultSet rows = statement.executeQuery()) {
          rows.next();
          return rows.getObject(1);
        }
      } catch (SQLException e) {
        return null;
      }
    };
  }

  RemoteTable table(String name) {
    try (Statement statement = duck.connection().createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE " + name)) {
      List<RemoteColumn> columns = new ArrayList<>();
      while (rows.next()) {
        columns.add(new RemoteColumn(rows.getString(1), rows.getString(2), "", true));
      }
      return new RemoteTable("src", "main", name, false, columns, OptionalLong.empty());
    } catch (SQLException e) {
      throw new IllegalStateException(name, e);
    }
  }

  PushdownRequest request(
      String sql, Collection<String> remote, SourceDialect dialect, ParameterValues parameters) {
    SqlText text = SqlText.of(sql);
    Analysis analysis = analyzer.analyze(text);
    Map<Integer, RemoteReference> remotes = new HashMap<>();
    for (TableReference reference : analysis.tables()) {
      String name = reference.name().last();
      if (remote.contains(name)) {
        remotes.put(reference.index(), RemoteReference.open(table(name), dialect));
      }
    }
    return new PushdownRequest(
        analyzer.tree(text).orElseThrow(), text, analysis, remotes, parameters, constants());
  }

  /** DuckDB's SQL of a tree. */
  String unparse(String json) {
    try (PreparedStatement statement =
        duck.connection().prepareStatement("SELECT json_deserialize_sql(?)")) {
      statement.setString(1, json);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(json, e);
    }
  }

  /** The values of a query of one column. */
  List<Object> values(String sql) {
    try (Statement statement = duck.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<Object> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getObject(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** What a query's result looks like. */
  List<OutputColumn> columns(String sql) {
    try (Statement statement = duck.connection().createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE " + sql)) {
      List<OutputColumn> columns = new ArrayList<>();
      while (rows.next()) {
        columns.add(new OutputColumn(rows.getString(1), rows.getString(2)));
      }
      return columns;
    } catch (SQLException e) {
      return List.of();
    }
  }

  @Override
  public void close() {
    duck.close();
  }
}
