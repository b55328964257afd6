package dev.polder.federation.flight;

import dev.polder.federation.SourceClient.Listed;
import dev.polder.federation.SourceSettings;
import dev.polder.federation.catalog.SourceCatalog;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth2.BasicAuthCredentialWriter;
import org.apache.arrow.flight.auth2.ClientBearerHeaderHandler;
import org.apache.arrow.flight.auth2.ClientIncomingAuthHeaderMiddleware;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlInfo;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.jspecify.annotations.Nullable;

/** A server of Flight SQL: one connection, which serves all calls. Thread-safe. */
final class FlightServer implements SourceCatalog, AutoCloseable {
  private static final List<String> SYSTEM = List.of("information_schema", "pg_catalog");

  private final SourceSettings settings;
  private final String alias;
  private final BufferAllocator allocator = new RootAllocator();
  private final ClientIncomingAuthHeaderMiddleware.Factory tokens =
      new ClientIncomingAuthHeaderMiddleware.Factory(new ClientBearerHeaderHandler());
  private @Nullable FlightSqlClient client;
  private @Nullable CallOption credentials;
  private boolean closed;

  FlightServer(SourceSettings settings) {
    this.settings = settings;
    alias = settings.alias();
  }

  private synchronized FlightSqlClient client() {
    if (closed) {
      throw SourceFailure.unavailable(alias, "the source was changed or dropped", null);
    }
    FlightSqlClient known = client;
    if (known == null) {
      FlightClient opened = open();
      try {
        credentials = login(opened);
      } catch (FlightRuntimeException e) {
        close(opened);
        throw failure(e);
      }
      known = new FlightSqlClient(opened);
      client = known;
    }
    return known;
  }

  private FlightClient open() {
    boolean tls = settings.flag("tls", true);
    String host = settings.required("host");
    int port = settings.number("port", 31338);
    FlightClient.Builder builder =
        FlightClient.builder(
            allocator,
            tls ? Location.forGrpcTls(host, port) : Location.forGrpcInsecure(host, port));
    builder.intercept(tokens);
    if (tls) {
      settings
          .text("tlsRootCertificate")
          .ifPresent(path -> builder.trustedCertificates(certificate(Path.of(path))));
      builder.verifyServer(!settings.flag("tlsSkipVerify", false));
    }
    return builder.build();
  }

  private InputStream certificate(Path path) {
    try {
      return new ByteArrayInputStream(Files.readAllBytes(path));
    } catch (IOException e) {
      throw SourceFailure.unavailable(alias, "its root certificate cannot be read", e);
    }
  }

  private @Nullable CallOption login(FlightClient opened) {
    Optional<String> token = settings.text("token");
    if (token.isPresent()) {
      return new CredentialCallOption(
          headers -> headers.insert("authorization", "Bearer " + token.get()));
    }
    Optional<String> user = settings.text("user");
    return user.isEmpty() ? null : basic(opened, user.get(), settings.text("password").orElse(""));
  }

  /** The server answers with a token, or knows the password by each call. */
  private CallOption basic(FlightClient opened, String user, String password) {
    CredentialCallOption given =
        new CredentialCallOption(new BasicAuthCredentialWriter(user, password));
    opened.handshake(options(given));
    CredentialCallOption token = tokens.getCredentialCallOption();
    return token == null ? given : token;
  }

  private CallOption[] options(@Nullable CallOption login) {
    List<CallOption> options = new ArrayList<>();
    if (login != null) {
      options.add(login);
    }
    FlightCallHeaders headers = new FlightCallHeaders();
    for (String header : settings.text("headers").orElse("").split(";", -1)) {
      int equals = header.indexOf('=');
      if (equals > 0) {
        headers.insert(header.substring(0, equals).strip(), header.substring(equals + 1).strip());
      }
    }
    options.add(new HeaderCallOption(headers));
    return options.toArray(CallOption[]::new);
  }

  private CallOption[] options() {
    return options(credentials);
  }

  /** Those of calls that answer soon. */
  private CallOption[] shortly() {
    List<CallOption> options = new ArrayList<>(List.of(options()));
    options.add(CallOptions.timeout(settings.number("timeoutSeconds", 30), TimeUnit.SECONDS));
    return options.toArray(CallOption[]::new);
  }

  /** Starts a query. */
  FlightStream start(String sql) {
    FlightSqlClient known = client();
    try {
      return stream(known, known.execute(sql, shortly()));
    } catch (FlightRuntimeException e) {
      throw failure(e);
    }
  }

  private FlightStream stream(FlightSqlClient known, FlightInfo info) {
    List<FlightEndpoint> endpoints = info.getEndpoints();
    if (endpoints.size() != 1) {
      throw SourceFailure.failed(
          alias, "it spreads its answers over several endpoints, which is not supported", null);
    }
    return known.getStream(endpoints.getFirst().getTicket(), options());
  }

  PolderException failure(FlightRuntimeException e) {
    String what = String.valueOf(e.status().description());
    return switch (e.status().code()) {
      case UNAUTHENTICATED, UNAUTHORIZED ->
          SourceFailure.unavailable(alias, "it refused the user: " + what, e);
      case UNAVAILABLE -> SourceFailure.unavailable(alias, "nothing answers at its address", e);
      case TIMED_OUT -> SourceFailure.unavailable(alias, "it does not answer in time", e);
      case CANCELLED -> SourceFailure.cancelled();
      default -> SourceFailure.failed(alias, what, e);
    };
  }

  private void close(AutoCloseable part) {
    try {
      part.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw SourceFailure.failed(alias, "its connection could not be closed", e);
    }
  }

  /** A use of one batch. */
  private interface Batch {
    void of(VectorSchemaRoot root);
  }

  /** What the server is asked about itself. */
  private interface Question {
    FlightInfo of(FlightSqlClient client, CallOption[] options);
  }

  private void ask(Question question, Batch batch) {
    FlightSqlClient known = client();
    try {
      FlightStream stream = stream(known, question.of(known, shortly()));
      try {
        while (stream.next()) {
          batch.of(stream.getRoot());
        }
      } finally {
        close(stream);
      }
    } catch (FlightRuntimeException e) {
      throw failure(e);
    }
  }

  /** Whether its own name is one of a system that speaks DuckDB's SQL. */
  boolean isDuckdb() {
    StringBuilder name = new StringBuilder();
    ask(
        (known, options) ->
            known.getSqlInfo(new SqlInfo[] {SqlInfo.FLIGHT_SQL_SERVER_NAME}, options),
        root -> {
          if (root.getVector("value") instanceof DenseUnionVector values
              && root.getRowCount() > 0) {
            name.append(values.getObject(0));
          }
        });
    String lower = name.toString().toLowerCase(java.util.Locale.ROOT);
    return lower.contains("polder") || lower.contains("duckdb") || lower.contains("gizmosql");
  }

  @Override
  public List<String> schemas() {
    List<String> names = new ArrayList<>();
    ask(
        (known, options) -> known.getSchemas(catalog(), null, options),
        root -> {
          for (int i = 0; i < root.getRowCount(); i++) {
            names.add(text(root, "db_schema_name", i));
          }
        });
    return names.stream().filter(name -> !SYSTEM.contains(name)).distinct().toList();
  }

  private @Nullable String catalog() {
    return settings.text("catalog").orElse(null);
  }

  @Override
  public List<Listed> tables(String schema) {
    List<Listed> tables = new ArrayList<>();
    ask(
        (known, options) -> known.getTables(catalog(), pattern(schema), null, null, false, options),
        root -> {
          for (int i = 0; i < root.getRowCount(); i++) {
            if (text(root, "db_schema_name", i).equals(schema)) {
              tables.add(
                  new Listed(
                      text(root, "table_name", i), text(root, "table_type", i).contains("VIEW")));
            }
          }
        });
    return tables;
  }

  /** An underscore matches any character: answers are looked at again. */
  private static String pattern(String name) {
    return name.replace('%', '_');
  }

  private static String text(VectorSchemaRoot root, String column, int row) {
    return root.getVector(column) instanceof VarCharVector texts && !texts.isNull(row)
        ? String.valueOf(texts.getObject(row))
        : "";
  }

  @Override
  public Optional<RemoteTable> table(String schema, Listed table) {
    List<List<RemoteColumn>> found = new ArrayList<>();
    ask(
        (known, options) ->
            known.getTables(catalog(), pattern(schema), pattern(table.name()), null, true, options),
        root -> {
          for (int i = 0; i < root.getRowCount(); i++) {
            if (text(root, "db_schema_name", i).equals(schema)
                && text(root, "table_name", i).equals(table.name())
                && root.getVector("table_schema") instanceof VarBinaryVector schemas) {
              found.add(columns(schemas.get(i)));
            }
          }
        });
    return found.size() == 1
        ? Optional.of(
            new RemoteTable(
                alias, schema, table.name(), table.view(), found.getFirst(), OptionalLong.empty()))
        : Optional.empty();
  }

  private List<RemoteColumn> columns(byte[] schema) {
    try (ReadChannel channel =
        new ReadChannel(Channels.newChannel(new ByteArrayInputStream(schema)))) {
      return MessageSerializer.deserializeSchema(channel).getFields().stream()
          .map(field -> {
            Optional<String> type = FlightTypes.read(field);
            return new RemoteColumn(
                field.getName(),
                type.orElse("VARCHAR"),
                type.orElse(field.getType().toString()),
                field.isNullable());
          })
          .toList();
    } catch (IOException e) {
      throw SourceFailure.failed(alias, "a table's columns could not be read", e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    try (allocator) {
      if (client != null) {
        close(client);
      }
    }
  }
}
