package dev.polder.door.flight.internal;

import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.flight.NoOpSessionOptionValueVisitor;
import org.apache.arrow.flight.SessionOptionValue;
import org.apache.arrow.flight.SessionOptionValueFactory;
import org.apache.arrow.flight.SetSessionOptionsResult.Error;
import org.apache.arrow.flight.SetSessionOptionsResult.ErrorValue;
import org.jspecify.annotations.Nullable;

/** The options {@code catalog} and {@code schema} of a client's session. */
final class SessionOptions {
  private final Statements statements;

  SessionOptions(Statements statements) {
    this.statements = statements;
  }

  /** Sets each option by itself and answers those that failed. */
  Map<String, Error> set(ClientSession client, Map<String, SessionOptionValue> options) {
    Map<String, Error> errors = new HashMap<>();
    // The database first: the schema is looked for in it.
    for (String name : List.of("catalog", "schema")) {
      SessionOptionValue value = options.get(name);
      if (value != null) {
        use(client, name.equals("catalog") ? "USE DATABASE" : "SET schema =", value)
            .ifPresent(error -> errors.put(name, new Error(error)));
      }
    }
    options.keySet().stream()
        .filter(name -> !name.equals("catalog") && !name.equals("schema"))
        .forEach(name -> errors.put(name, new Error(ErrorValue.INVALID_NAME)));
    return errors;
  }

  private Optional<ErrorValue> use(ClientSession client, String words, SessionOptionValue value) {
    String name = value.acceptVisitor(new Text());
    if (name == null || name.isEmpty()) {
      return Optional.of(ErrorValue.INVALID_VALUE);
    }
    try {
      statements.update(
          client, words + " \"" + name.replace("\"", "\"\"") + "\"", List.of(), Optional.empty());
      return Optional.empty();
    } catch (PolderException e) {
      return switch (e.code()) {
        case DATABASE_NOT_FOUND,
            SCHEMA_NOT_FOUND,
            COLLECTION_NOT_FOUND,
            INVALID_NAME,
            ACCESS_DENIED ->
            Optional.of(ErrorValue.INVALID_VALUE);
        default -> throw e;
      };
    }
  }

  Map<String, SessionOptionValue> get(ClientSession client) {
    Map<String, SessionOptionValue> options = new HashMap<>();
    try (Lease lease = client.lease(Optional.empty())) {
      Session session = lease.session();
      options.put("catalog", text(session.database().value()));
      options.put("tenant", text(session.tenant().value()));
      Object schema =
          statements
              .run(lease, "SELECT current_schema()", List.of(), CatalogMetadata::rows)
              .getFirst()
              .getFirst();
      if (schema == null) {
        throw new PolderException(
            ErrorCode.SCHEMA_NOT_FOUND, "the session's schema was dropped; choose another");
      }
      options.put("schema", text(schema.toString()));
    }
    return options;
  }

  private static SessionOptionValue text(String value) {
    return SessionOptionValueFactory.makeSessionOptionValue(value);
  }

  private static final class Text extends NoOpSessionOptionValueVisitor<@Nullable String> {
    @Override
    public @Nullable String visit(String value) {
      return value;
    }
  }
}
