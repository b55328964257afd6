package dev.polder.engine.internal.execute;

import dev.polder.duck.Cancellation;
import dev.polder.duck.DeletedRows;
import dev.polder.duck.DeletedRowsRegistration;
import dev.polder.duck.InstanceConnection;
import dev.polder.duck.NativeThreads;
import dev.polder.duck.ResultColumn;
import dev.polder.duck.Sql;
import dev.polder.engine.internal.admission.Admission;
import dev.polder.engine.internal.instance.PrivateCatalogs;
import dev.polder.engine.internal.instance.SpaceInstances;
import dev.polder.engine.internal.source.SourceReads;
import dev.polder.engine.internal.source.StatementSources;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.bind.CatalogContents;
import dev.polder.sql.bind.Subqueries;
import dev.polder.sql.pushdown.OutputColumn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One statement's hold on the engine: its permit, instance, connection, private catalog, memory and
 * staging directory. Everything is given back, once, in reverse order, by {@link #close}. One
 * owner.
 */
public final class Execution implements AutoCloseable, Subqueries {
  private final Deque<AutoCloseable> held = new ArrayDeque<>();
  private final NativeThreads threads;
  private final SpaceInstances.Lease lease;
  private final InstanceConnection connection;
  private final BufferAllocator allocator;
  private final Cancellation cancellation;
  private final String timeZone;
  private final StatementSources sources;
  private final SourceReads reads;
  private boolean inCatalog;
  private boolean closed;

  private Execution(
      Admission.Permit permit,
      NativeThreads threads,
      SpaceInstances instances,
      SpaceKey space,
      Cancellation cancellation,
      BufferAllocator memory,
      String timeZone,
      StatementSources sources) {
    this.threads = threads;
    this.sources = sources;
    this.cancellation = cancellation;
    this.timeZone = timeZone;
    held.push(permit);
    try {
      lease = instances.lease(space);
      held.push(lease);
      allocator = memory.newChildAllocator("statement", 0, memory.getLimit());
      held.push(allocator);
      // Closed after the connection, which may still read them.
      held.push(sources);
      connection = lease.instance().connect();
      held.push(connection);
      reads = new SourceReads(sources, connection, allocator, cancellation);
      held.push(reads);
      prepare(connection);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void prepare(InstanceConnection fresh) {
    fresh.cancelWith(cancellation);
    if (!timeZone.equals("UTC")) {
      fresh.execute("SET TimeZone = " + Sql.literal(timeZone), List.of());
    }
  }

  @Override
  public List<String> types(CatalogContents contents, String query) {
    return beside(
        contents,
        other ->
            other.describe(query, allocator()).columns().stream()
                .map(ResultColumn::duckType)
                .toList());
  }

  @Override
  public List<OutputColumn> columns(
      CatalogContents contents, List<EmptyTable> tables, String query) {
    try {
      return beside(contents, other -> columns(other, tables, query));
    } catch (PolderException e) {
      // Said again, with its place in the user's text, when the text itself is bound.
      return List.of();
    }
  }

  private List<OutputColumn> columns(
      InstanceConnection other, List<EmptyTable> tables, String query) {
    for (EmptyTable table : tables) {
      String columns =
          table.columns().stream()
              .map(column -> Sql.identifier(column.name()) + " " + column.type())
              .collect(Collectors.joining(", "));
      other.execute(
          "CREATE TEMP TABLE " + Sql.identifier(table.name()) + " (" + columns + ")", List.of());
    }
    return other.columns(query).stream()
        .map(column -> new OutputColumn(column.name(), column.duckType()))
        .toList();
  }

  @Override
  public String text(String tree) {
    return String.valueOf(
        connection
            .rows("SELECT json_deserialize_sql(?::JSON)", List.of(tree))
            .getFirst()
            .getFirst());
  }

  @Override
  public List<List<@Nullable Object>> rows(CatalogContents contents, String query) {
    return beside(contents, other -> other.rows(query, List.of()));
  }

  /** Works on another connection, so that this one's catalog stays the statement's own. */
  private <T> T beside(CatalogContents contents, Function<InstanceConnection, T> work) {
    try (PrivateCatalogs.Hold hold = lease.catalogs().hold(contents);
        InstanceConnection other = lease.instance().connect()) {
      prepare(other);
      other.use(hold.handle(), contents.schema());
      return work.apply(other);
    }
  }

  /** Opens a connection on the space's instance, under a permit that it owns from now on. */
  static Execution start(
      Admission.Permit permit,
      NativeThreads threads,
      SpaceInstances instances,
      SpaceKey space,
      Cancellation cancellation,
      BufferAllocator memory,
      String timeZone,
      StatementSources sources) {
    return new Execution(
        permit, threads, instances, space, cancellation, memory, timeZone, sources);
  }

  /** The space's sources, as the statement sees them. */
  public StatementSources sources() {
    return sources;
  }

  /** Makes a query's catalog the place of unqualified names, and opens what it reads elsewhere. */
  public void use(BoundQuery query, SourceReads.Mode mode) {
    use(query.contents());
    reads.open(query.remote(), mode);
  }

  /** Why DuckDB failed, when a source is to blame. */
  Optional<PolderException> sourceFailure() {
    return reads.failure();
  }

  /** Makes a private catalog the place of unqualified names. */
  public void use(CatalogContents contents) {
    if (contents.isEmpty() && !inCatalog) {
      // A new connection's own place for names holds nothing either.
      return;
    }
    inCatalog = true;
    PrivateCatalogs.Hold hold = lease.catalogs().hold(contents);
    held.push(hold);
    connection.use(hold.handle(), contents.schema());
  }

  /** Takes something over, to be closed before the connection is. */
  void hold(AutoCloseable part) {
    held.push(part);
  }

  public InstanceConnection connection() {
    return connection;
  }

  /** Makes deleted rows known to this instance's scans until the statement ends. */
  public DeletedRowsRegistration register(DeletedRows rows) {
    DeletedRowsRegistration registration = lease.instance().register(rows);
    held.push(registration);
    return registration;
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  /** A new directory for files that this statement writes; removed when it ends. */
  public Path stagingDirectory() {
    Path directory = lease.staging().resolve(UUID.randomUUID().toString());
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    held.push(() -> deleteTree(directory));
    return directory;
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // Most of it is native: one change of threads for all, not one for each part.
    threads.release(() -> {
      giveBack();
      return true;
    });
  }

  private void giveBack() {
    RuntimeException failure = null;
    while (!held.isEmpty()) {
      try {
        held.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("a statement's resources were not all given back", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
