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
      List<List<String>> values = new ArrayList<>();
      while (rows.next()) {
        Answer.append(rows.root(), new DictionaryProvider.MapDictionaryProvider(), values);
      }
      return new Answer(
          rows.columns().stream().map(Result.Column::name).toList(),
          rows.columns().stream().map(Result.Column::type).toList(),
          values);
    }
  }

  /** The only value of a query. */
  public String value(String sql, @Nullable Object... parameters) {
    return query(sql, parameters).value();
  }

  /** Runs a statement to its end; returns the rows that it changed, −1 for one that changes none. */
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

  /** The refusal of a statement that must be refused, at once or while its rows are read. */
  public PolderException refusal(String sql, @Nullable Object... parameters) {
    try {
      Answered answered = attempt(sql, parameters);
      throw new AssertionError("not refused: " + sql + " answered " + answered);
    } catch (PolderException e) {
      return e;
    }
  }

  private Answered attempt(String sql, @Nullable Object... parameters) {
    try (Result result =
        session.execute(sql, Arrays.asList(parameters), StatementOptions.defaults())) {
      List<List<String>> values = new ArrayList<>();
      if (result instanceof Result.Rows rows) {
        while (rows.next()) {
          Answer.append(rows.root(), new DictionaryProvider.MapDictionaryProvider(), values);
        }
        return new Answered(values, -1);
      }
      return new Answered(values, result instanceof Result.Updated updated ? updated.count() : -1);
    }
  }

  private record Answered(List<List<String>> rows, long changed) {}

  @Override
  public void close() {
    session.close();
  }
}
