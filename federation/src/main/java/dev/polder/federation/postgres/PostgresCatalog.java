package dev.polder.federation.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.federation.SourceClient.Listed;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.postgresql.jdbc.PgConnection;

/**
 * The schemas, tables and columns of a database, as they are or were some seconds ago. Thread-safe.
 */
final class PostgresCatalog {
  private static final String SCHEMAS =
      """
      SELECT nspname FROM pg_namespace
      WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
        AND has_schema_privilege(oid, 'USAGE')
      ORDER BY nspname COLLATE "C"
      """;

  private static final String TABLES =
      """
      SELECT n.nspname, c.relname, c.relkind IN ('v', 'm')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND lower(n.nspname) = lower(?)
      ORDER BY c.relname COLLATE "C"
      """;

  /** The type below any domains comes from the recursion. */
  private static final String COLUMNS =
      """
      SELECT n.nspname, c.relname, c.oid, c.relkind, c.reltuples, c.relpages,
        a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        b.oid, b.modifier, b.category = 'A', e.oid, e.typtype,
        CASE WHEN a.attcollation NOT IN (0, 100) THEN o.collname END
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN LATERAL (
        WITH RECURSIVE base(oid, modifier, kind, below, category, element) AS (
          SELECT t.oid, a.atttypmod, t.typtype, t.typbasetype, t.typcategory, t.typelem
          FROM pg_type t WHERE t.oid = a.atttypid
          UNION ALL
          SELECT t.oid, d.typtypmod, t.typtype, t.typbasetype, t.typcategory, t.typelem
          FROM base JOIN pg_type d ON d.oid = base.oid JOIN pg_type t ON t.oid = base.below
          WHERE base.kind = 'd')
        SELECT * FROM base WHERE kind <> 'd') b ON true
      LEFT JOIN pg_type e ON e.oid = b.element AND b.category = 'A'
      LEFT JOIN pg_collation o ON o.oid = a.attcollation
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND lower(n.nspname) = lower(?) AND lower(c.relname) = lower(?)
      ORDER BY c.oid, a.attnum
      """;

  private final PostgresSettings settings;
  private final PostgresConnections connections;
  private final Cache<Key, Optional<Table>> tables;
  private final Cache<String, List<Listed>> listed;
  private final Cache<Boolean, List<String>> schemas;

  PostgresCatalog(PostgresSettings settings, PostgresConnections connections) {
    this.settings = settings;
    this.connections = connections;
    this.tables = cache();
    this.listed = cache();
    this.schemas = cache();
  }

  private <K, V> Cache<K, V> cache() {
    return Caffeine.newBuilder()
        .expireAfterWrite(Duration.ofSeconds(settings.metadataCache()))
        .maximumSize(10_000)
        .build();
  }

  private record Key(String schema, String name) {
    static Key of(String schema, String name) {
      return new Key(schema.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
    }
  }

  /**
   * A table and how it is kept.
   *
   * @param pages that its rows took when they were last counted
   */
  record Table(RemoteTable table, String kind, int pages) {}

  List<String> schemas() {
    return schemas.get(
        true,
        all ->
            connections.with(connection -> {
              List<String> names = new ArrayList<>();
              try (PreparedStatement statement = connection.prepareStatement(SCHEMAS);
                  ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                  names.add(rows.getString(1));
                }
              }
              return List.copyOf(names);
            }));
  }

  List<Listed> tables(String schema) {
    return listed.get(
        schema.toLowerCase(Locale.ROOT),
        name ->
            connections.with(connection -> {
              Map<String, List<Listed>> found = new LinkedHashMap<>();
              try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
                statement.setString(1, name);
                try (ResultSet rows = statement.executeQuery()) {
                  while (rows.next()) {
                    found
                        .computeIfAbsent(rows.getString(1), key -> new ArrayList<>())
                        .add(new Listed(rows.getString(2), rows.getBoolean(3)));
                  }
                }
              }
              return found.size() == 1
                  ? alone(found.values().iterator().next(), Listed::name)
                  : List.of();
            }));
  }

  Optional<Table> table(String schema, String name) {
    return tables.get(
        Key.of(schema, name), key -> connections.with(connection -> load(connection, key)));
  }

  void invalidate() {
    tables.invalidateAll();
    listed.invalidateAll();
    schemas.invalidateAll();
  }

  private Optional<Table> load(PgConnection connection, Key key) throws SQLException {
    Map<Long, Table> found = new LinkedHashMap<>();
    Map<Long, List<RemoteColumn>> columns = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, key.schema());
      statement.setString(2, key.name());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          long oid = rows.getLong(3);
          if (!found.containsKey(oid)) {
            found.put(oid, table(rows));
          }
          List<RemoteColumn> own = columns.computeIfAbsent(oid, id -> new ArrayList<>());
          if (rows.getString(7) != null) {
            own.add(column(rows));
          }
        }
      }
    }
    if (found.size() != 1) {
      return Optional.empty();
    }
    Map.Entry<Long, Table> only = found.entrySet().iterator().next();
    RemoteTable table = only.getValue().table();
    return Optional.of(
        new Table(
            new RemoteTable(
                table.alias(),
                table.schema(),
                table.name(),
                table.view(),
                alone(columns.getOrDefault(only.getKey(), List.of()), RemoteColumn::name),
                table.estimatedRows()),
            only.getValue().kind(),
            only.getValue().pages()));
  }

  private Table table(ResultSet rows) throws SQLException {
    String kind = rows.getString(4);
    long estimate = (long) rows.getDouble(5);
    RemoteTable table =
        new RemoteTable(
            settings.alias(),
            rows.getString(1),
            rows.getString(2),
            kind.equals("v") || kind.equals("m"),
            List.of(),
            // A view has no rows of its own, and -1 means that nobody counted.
            kind.equals("v") || estimate < 0 ? OptionalLong.empty() : OptionalLong.of(estimate));
    return new Table(table, kind, rows.getInt(6));
  }

  private RemoteColumn column(ResultSet rows) throws SQLException {
    String nativeType = rows.getString(8);
    String collation = rows.getString(15);
    PostgresType type = type(rows);
    return new RemoteColumn(
        rows.getString(7),
        type.duckType(settings.numeric()),
        collation == null ? nativeType : PostgresType.collated(nativeType, collation),
        !rows.getBoolean(9));
  }

  private static PostgresType type(ResultSet rows) throws SQLException {
    boolean array = rows.getBoolean(12) && "b".equals(rows.getString(14));
    return new PostgresType(
        (int) rows.getLong(10),
        rows.getInt(11),
        // An array of enums, domains or rows is one of their texts.
        rows.getBoolean(12) ? Optional.of(array ? (int) rows.getLong(13) : 0) : Optional.empty());
  }

  /** Those whose names differ from all others' by more than case. */
  private static <T> List<T> alone(List<T> all, java.util.function.Function<T, String> name) {
    Map<String, Integer> times = new LinkedHashMap<>();
    all.forEach(each -> times.merge(name.apply(each).toLowerCase(Locale.ROOT), 1, Integer::sum));
    return all.stream()
        .filter(each -> times.getOrDefault(name.apply(each).toLowerCase(Locale.ROOT), 0) == 1)
        .toList();
  }
}
