package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;

/**
 * One DuckDB database in memory, set up, sandboxed and locked before anybody can reach it. It holds
 * no data of its own. Once an error has shown that its state cannot be trusted it is {@link
 * #failed()} and its owner must replace it. Thread-safe.
 */
public final class Instance implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final NativeThreads threads;
  private final InstanceConfig config;
  private final DuckDBConnection root;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final DeletedRowsRegistry deletedRows = new DeletedRowsRegistry();
  private final Map<String, PolderException> failedSetups;
  private final ArrowSchemas arrowSchemas = new ArrowSchemas();

  private Instance(
      NativeThreads threads,
      InstanceConfig config,
      DuckDBConnection root,
      Map<String, PolderException> failedSetups) {
    this.failedSetups = Map.copyOf(failedSetups);
    this.threads = threads;
    this.config = config;
    this.root = root;
  }

  /** Boots an instance; takes tens of milliseconds. */
  public static Instance start(NativeThreads threads, InstanceConfig config) {
    Map<String, PolderException> failed = new HashMap<>();
    Instance instance =
        threads.call(
            () -> new Instance(threads, config, Sandbox.instance(config, failed::put), failed));
    try {
      instance.register(instance.deletedRows.function());
    } catch (RuntimeException e) {
      instance.close();
      throw e;
    }
    return instance;
  }

  /** The optional setups that failed, by their names. */
  public Map<String, PolderException> failedSetups() {
    return failedSetups;
  }

  public InstanceConfig config() {
    return config;
  }

  /**
   * Changes what statements may take, those that run included.
   *
   * @return false: they hold more than that now, and part of the limits may be the old ones
   */
  public boolean resize(InstanceLimits limits) {
    return threads.call(() -> {
      try (DuckDBConnection connection = root.duplicate();
          Statement statement = connection.createStatement()) {
        for (String sql : Sandbox.limits(limits)) {
          statement.execute(sql);
        }
        return true;
      } catch (SQLException e) {
        ErrorCode code = DuckErrors.translate(e).code();
        if (code == ErrorCode.OUT_OF_MEMORY || code == ErrorCode.DISK_FULL) {
          return false;
        }
        throw e;
      }
    });
  }

  /** Bytes of memory that its statements hold now. */
  public long memoryBytes() {
    return threads.call(() -> {
      try (DuckDBConnection connection = root.duplicate();
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()")) {
        return rows.next() ? rows.getLong(1) : 0L;
      }
    });
  }

  NativeThreads threads() {
    return threads;
  }

  ArrowSchemas arrowSchemas() {
    return arrowSchemas;
  }

  /** A new session on this instance: nothing of another session is seen in it. */
  public InstanceConnection connect() {
    if (failed.get() || closed.get()) {
      throw new PolderException(
          ErrorCode.INSTANCE_FAILED, "the engine instance has ended; send the statement again");
    }
    return new InstanceConnection(this, threads.call(root::duplicate));
  }

  /** Makes a scalar function known to every session of the instance. */
  public void register(ScalarFunction function) {
    threads.call(() -> {
      ScalarFunctions.register(root, function);
      return true;
    });
  }

  /** Makes deleted rows known to {@code live(…)} under a handle, until the registration closes. */
  public DeletedRowsRegistration register(DeletedRows rows) {
    return deletedRows.register(rows);
  }

  /**
   * Attaches a private catalog and fills it.
   *
   * @param definitions gives the statements that fill it, from its (unquoted) name
   */
  public CatalogHandle attachPrivate(Function<String, List<String>> definitions) {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String name = "p_" + HexFormat.of().formatHex(random);
    List<String> statements = definitions.apply(name);
    try (InstanceConnection connection = connect()) {
      connection.execute("ATTACH ':memory:' AS " + name, List.of());
      for (String statement : statements) {
        connection.execute(statement, List.of());
      }
    } catch (RuntimeException e) {
      // Only now: a connection that uses a catalog cannot detach it.
      detach(name);
      throw e;
    }
    return new CatalogHandle(this, name);
  }

  void detach(String catalog) {
    if (closed.get()) {
      return;
    }
    threads.release(() -> {
      try (DuckDBConnection connection = root.duplicate();
          Statement statement = connection.createStatement()) {
        return statement.execute("DETACH DATABASE IF EXISTS " + catalog);
      }
    });
  }

  /** Whether an error has shown that this instance must be replaced. */
  public boolean failed() {
    return failed.get();
  }

  void markFailed() {
    failed.set(true);
  }

  /** Ends the database and removes its directory; its connections must have been closed. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    threads.release(() -> {
      closeRoot();
      return true;
    });
    deleteTree(config.instanceDirectory());
  }

  private void closeRoot() throws SQLException {
    root.close();
  }

  private static void deleteTree(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
