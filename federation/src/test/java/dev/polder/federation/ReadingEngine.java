package dev.polder.federation;

import dev.polder.duck.Instance;
import dev.polder.duck.InstanceConfig;
import dev.polder.duck.InstanceConnection;
import dev.polder.duck.InstanceLimits;
import dev.polder.duck.NativeThreads;
import dev.polder.duck.QueryResult;
import dev.polder.duck.Sql;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Column;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/** A real DuckDB that reads what sources give, as the engine does: by Arrow, cast to the types. */
public final class ReadingEngine implements AutoCloseable {
  public static final InstanceLimits LIMITS = new InstanceLimits(512L << 20, 2, 512L << 20);

  private final NativeThreads threads = new NativeThreads(4, 100, 16L << 20);
  private final BufferAllocator allocator = new RootAllocator();
  private final Instance instance;
  private int relations;

  public ReadingEngine(Path directory) {
    instance =
        Instance.start(
            threads,
            new InstanceConfig(
                directory.resolve("engine"),
                List.of(),
                LIMITS,
                directory.resolve("extensions"),
                List.of()));
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  /** The query's rows, each value as DuckDB writes it. */
  public List<List<String>> rows(SourceClient client, RemoteQuery query) {
    try (SourceTransaction transaction = client.begin(false)) {
      return rows(transaction, query);
    }
  }

  public List<List<String>> rows(SourceTransaction transaction, RemoteQuery query) {
    List<List<String>> all = new ArrayList<>();
    String name = "r" + ++relations;
    try (InstanceConnection connection = instance.connect()) {
      ArrowReader reader = transaction.read(query, allocator);
      connection.registerArrow(name, reader, allocator);
      StringBuilder select = new StringBuilder("SELECT ");
      for (int i = 0; i < query.outputs().size(); i++) {
        RemoteQuery.Output output = query.outputs().get(i);
        select
            .append(i == 0 ? "" : ", ")
            .append("CAST(CAST(")
            .append(Sql.identifier(output.name()))
            .append(" AS ")
            .append(output.value().type())
            .append(") AS VARCHAR)");
      }
      for (List<?> row : connection.rows(select + " FROM " + name, List.of())) {
        all.add(row.stream().map(value -> value == null ? null : value.toString()).toList());
      }
    }
    return all;
  }

  /** What an expression is in DuckDB, as it writes it. */
  public String value(String expression) {
    try (InstanceConnection connection = instance.connect()) {
      Object value =
          connection
              .rows("SELECT CAST(" + expression + " AS VARCHAR)", List.of())
              .getFirst()
              .getFirst();
      return value == null ? null : value.toString();
    }
  }

  /** Adds the rows of a query of DuckDB's to a table of the source. */
  public long insert(
      SourceTransaction transaction, RemoteTable table, List<RemoteColumn> columns, String sql) {
    try (InstanceConnection connection = instance.connect();
        QueryResult result = connection.query(sql, List.of(), allocator)) {
      return transaction.insert(
          table,
          columns,
          new dev.polder.federation.duckdb.QueryReader("engine", result, allocator));
    }
  }

  public static RemoteTable table(SourceClient client, String schema, String name) {
    return client.table(schema, name).orElseThrow();
  }

  public static RemoteQuery scan(RemoteTable table, RemoteExpression... where) {
    return RemoteQuery.scan(table, table.columns(), Arrays.asList(where));
  }

  public static Column column(RemoteTable table, String name) {
    return new Column(0, table.column(name).orElseThrow());
  }

  public static Comparison equal(RemoteExpression left, Object value) {
    return new Comparison(Operator.EQUAL, left, new Literal(value, left.type()));
  }

  public static Comparison compare(RemoteExpression left, Operator operator, Object value) {
    return new Comparison(operator, left, new Literal(value, left.type()));
  }

  /** Reads to the end; how many rows. */
  public static long count(ArrowReader reader) {
    try (reader) {
      long rows = 0;
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    instance.close();
    threads.close();
    allocator.close();
  }
}
