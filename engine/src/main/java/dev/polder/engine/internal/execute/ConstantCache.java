package dev.polder.engine.internal.execute;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.duck.InstanceConnection;
import dev.polder.model.PolderException;
import dev.polder.sql.bind.Constants;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values of constant expressions, which never change under one time zone. Thread-safe. */
public final class ConstantCache {
  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_TEXT = 500;

  private record Key(String expression, List<Object> parameters, String timeZone) {}

  private final Cache<Key, Optional<Object>> cache =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

  /** Evaluates on the connection what is not known yet. */
  Constants on(InstanceConnection connection, String timeZone) {
    return (expression, parameters) -> {
      if (expression.length() > MAX_TEXT || parameters.stream().anyMatch(Objects::isNull)) {
        return evaluate(connection, expression, parameters);
      }
      List<Object> values = new ArrayList<>();
      parameters.forEach(value -> values.add(Objects.requireNonNull(value)));
      Key key = new Key(expression, List.copyOf(values), timeZone);
      Optional<Object> known = cache.getIfPresent(key);
      if (known == null) {
        known = Optional.ofNullable(evaluate(connection, expression, parameters));
        cache.put(key, known);
      }
      return known.orElse(null);
    };
  }

  /** Evaluates each time anew, for expressions such as {@code now()}; failures are the caller's. */
  static Constants anew(InstanceConnection connection) {
    return (expression, parameters) ->
        connection.rows("SELECT " + expression, parameters).getFirst().getFirst();
  }

  private static @Nullable Object evaluate(
      InstanceConnection connection,
      String expression,
      List<? extends @Nullable Object> parameters) {
    try {
      return connection.rows("SELECT " + expression, parameters).getFirst().getFirst();
    } catch (PolderException e) {
      // An expression that fails says nothing about files; the query itself will report it.
      return switch (e.code()) {
        case STATEMENT_CANCELLED, STATEMENT_TIMEOUT, SHUTTING_DOWN, INSTANCE_FAILED -> throw e;
        default -> null;
      };
    }
  }
}
