package dev.polder.engine.internal.show;

import dev.polder.engine.Description;
import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.result.JavaRows;
import dev.polder.engine.internal.result.JavaRows.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an answer while they are gathered. Its columns' names are part of the API: doors turn
 * them into fields. Not thread-safe.
 */
final class Table {
  private final List<Header> headers;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  private Table(List<Header> headers) {
    this.headers = headers;
  }

  static Table of(List<Header> headers) {
    return new Table(headers);
  }

  static Header text(String name) {
    return new Header(name, JavaRows.ColumnType.VARCHAR);
  }

  static Header number(String name) {
    return new Header(name, JavaRows.ColumnType.BIGINT);
  }

  static Header flag(String name) {
    return new Header(name, JavaRows.ColumnType.BOOLEAN);
  }

  /** Values are microseconds since the epoch. */
  static Header time(String name) {
    return new Header(name, JavaRows.ColumnType.TIMESTAMPTZ);
  }

  void add(@Nullable Object... values) {
    if (values.length != headers.size()) {
      throw new IllegalArgumentException(values.length + " values for " + headers);
    }
    rows.add(Collections.unmodifiableList(Arrays.asList(values)));
  }

  Result.Rows answer(StatementContext context) {
    return new JavaRows(context.engine().memory(), headers, rows, context.notices());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** What a statement with these columns answers. */
  static Description description(StatementContext context, List<Header> headers) {
    try (Result.Rows rows = Table.of(headers).answer(context)) {
      return new Description(true, rows.columns(), rows.schema(), List.of());
    }
  }
}
