package dev.polder.server.suite;

import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/** One session, spoken to in as few words as a test wants. Used by one thread at a time. */
public final class TestSession implements AutoCloseable {
  private final Session session;

  TestSession(Session session) {
    this.session = session;
  }

  public Session session() {
    return session;
  }

  /** Runs a query to its end. */
  public Answer query(String sql, @Nullable Object... parameters) {
    return query(sql, Arrays.asList(parameters));
  }

  public Answer query(String sql, List<@Nullable Object> parameters) {
    try (Result result = session.execute(sql, parameters, StatementOptions.defaults())) {
      if (!(result instanceof Result.Rows rows)) {
        throw new AssertionError("no rows but " + result + " from " + sql);
      }
      return rows(rows);
    }
  }

  /** The only value of a query. */
  public String value(String sql, @Nullable Object... parameters) {
    return query(sql, parameters).value();
  }

  /**
   * Runs a statement to its end; returns the rows that it changed, −1 for one that changes none.
   */
  public long run(String sql, @Nullable Object... parameters) {
    try (Result result =
        session.execute(sql, Arrays.asList(parameters), StatementOptions.defaults())) {
      return switch (result) {
        case Result.Updated(long count, var _) -> count;
        case Result.Rows rows -> {
          long count = 0;
          while (rows.next()) {
            count += rows.root().getRowCount();
          }
          yield count;
        }
      };
    }
  }

  public TestSession runAll(String... statements) {
    for (String statement : statements) {
      run(statement);
    }
    return this;
  }

  /** What a statement answers, be it rows or only a count, which is shown as one row. */
  public Answer answer(String sql, @Nullable Object... parameters) {
    try (Result result =
        session.execute(sql, Arrays.asList(parameters), StatementOptions.defaults())) {
      return switch (result) {
        case Result.Rows rows -> rows(rows);
        case Result.Updated(long count, var _) ->
            new Answer(List.of("count"), List.of("BIGINT"), List.of(List.of("" + count)));
      };
    }
  }

  /** The refusal of a statement that must be refused, at once or while its rows are read. */
  public PolderException refusal(String sql, @Nullable Object... parameters) {
    Answer answer;
    try {
      answer = answer(sql, parameters);
    } catch (PolderException e) {
      return e;
    }
    throw new AssertionError("not refused: " + sql + " answered " + answer);
  }

  private static Answer rows(Result.Rows rows) {
    List<List<String>> values = new ArrayList<>();
    while (rows.next()) {
      Answer.append(rows.root(), new DictionaryProvider.MapDictionaryProvider(), values);
    }
    return new Answer(
        rows.columns().stream().map(Result.Column::name).toList(),
        rows.columns().stream().map(Result.Column::type).toList(),
        values);
  }

  @Override
  public void close() {
    session.close();
  }
}
