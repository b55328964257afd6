package dev.polder.engine.internal.source;

import dev.polder.duck.Cancellation;
import dev.polder.duck.InstanceConnection;
import dev.polder.duck.Sql;
import dev.polder.federation.SourceTransaction;
import dev.polder.federation.arrow.ArrowTypes;
import dev.polder.model.PolderException;
import dev.polder.sql.bind.SourceScan;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * What one statement reads from sources, in its DuckDB session: each scan becomes a temporary
 * table, or where it is read once, a stream. The scans of one source are answered one after the
 * other in one of its transactions, so all but the last are taken in whole. One owner.
 */
public final class SourceReads implements AutoCloseable {
  private final StatementSources sources;
  private final InstanceConnection connection;
  private final BufferAllocator allocator;
  private final Cancellation cancellation;
  private final List<Runnable> listeners = new ArrayList<>();

  /** What the statement's last query reads, as it would be dropped. */
  private final List<String> opened = new ArrayList<>();

  private volatile @Nullable PolderException failure;

  public SourceReads(
      StatementSources sources,
      InstanceConnection connection,
      BufferAllocator allocator,
      Cancellation cancellation) {
    this.sources = sources;
    this.connection = connection;
    this.allocator = allocator;
    this.cancellation = cancellation;
  }

  /** How the statement reads. */
  public enum Mode {
    /** Not at all: it is only looked at. */
    SHAPE,
    /** Perhaps more than once. */
    REPEATED,
    /** Each scan once, from its start. */
    ONCE
  }

  /** Makes the scans' rows known to the session. */
  public void open(List<SourceScan> scans, Mode mode) {
    if (scans.isEmpty()) {
      return;
    }
    // A statement's queries, such as an INSERT's and its RETURNING's, use the same names.
    opened.reversed().forEach(this::execute);
    opened.clear();
    if (mode == Mode.SHAPE) {
      scans.forEach(this::shape);
      return;
    }
    Map<String, List<SourceScan>> bySource = new TreeMap<>();
    scans.forEach(scan ->
        bySource.computeIfAbsent(scan.source().alias(), key -> new ArrayList<>()).add(scan));
    for (List<SourceScan> ofOne : bySource.values()) {
      SourceTransaction transaction = sources.transaction(ofOne.getFirst().source());
      Runnable cancel = transaction::cancel;
      listeners.add(cancel);
      cancellation.listen(cancel);
      List<SourceScan> ordered =
          ofOne.stream().sorted(Comparator.comparingLong(SourceReads::estimated)).toList();
      for (int i = 0; i < ordered.size(); i++) {
        SourceScan scan = ordered.get(i);
        boolean last = i == ordered.size() - 1;
        read(scan, transaction, last && mode == Mode.ONCE && scan.policies().isEmpty());
      }
    }
  }

  /** What went wrong in a source, when that is why DuckDB failed. */
  public Optional<PolderException> failure() {
    return Optional.ofNullable(failure);
  }

  private static long estimated(SourceScan scan) {
    RemoteQuery query = scan.query();
    return query.from().orElse(null) instanceof RemoteFrom.Table table
        ? table.table().estimatedRows().orElse(Long.MAX_VALUE)
        : Long.MAX_VALUE;
  }

  private void shape(SourceScan scan) {
    String columns =
        scan.query().outputs().stream()
            .map(output -> Sql.identifier(output.name()) + " " + output.value().type())
            .collect(Collectors.joining(", "));
    if (scan.policies().isEmpty()) {
      make("TABLE", scan.name(), " (" + columns + ")");
      return;
    }
    String raw = "raw_" + scan.name();
    make("TABLE", raw, " (" + columns + ")");
    make(
        "VIEW",
        scan.name(),
        " AS " + under(scan, "SELECT * FROM temp.main." + Sql.identifier(raw)));
  }

  private void read(SourceScan scan, SourceTransaction transaction, boolean streamed) {
    ArrowReader reader;
    try {
      reader = transaction.read(scan.query(), allocator);
    } catch (PolderException e) {
      throw told(e);
    }
    String raw = "raw_" + scan.name();
    connection.registerArrow(raw, new WatchedReader(reader, allocator, this::failed), allocator);
    String typed = typed(scan.query(), raw);
    try {
      if (streamed) {
        make("VIEW", scan.name(), " AS " + typed);
      } else {
        make("TABLE", scan.name(), " AS " + under(scan, typed));
        // Ends the answer, so that the source's transaction can give the next one.
        execute("DROP VIEW temp.main." + Sql.identifier(raw));
      }
    } catch (PolderException e) {
      throw told(e);
    }
  }

  private PolderException told(PolderException e) {
    cancellation.check();
    PolderException own = failure;
    return own == null ? e : own;
  }

  private static String under(SourceScan scan, String rows) {
    return scan.policies()
        .map(policies ->
            "SELECT "
                + policies.list()
                + " FROM ("
                + rows
                + ") AS t"
                + policies.condition().map(c -> " WHERE (" + c + "\n)").orElse(""))
        .orElse(rows);
  }

  private static String typed(RemoteQuery query, String raw) {
    return query.outputs().stream()
        .map(output -> {
          String name = Sql.identifier(output.name());
          String type = output.value().type();
          return ArrowTypes.isText(type) ? "CAST(" + name + " AS " + type + ") AS " + name : name;
        })
        .collect(Collectors.joining(", ", "SELECT ", " FROM temp.main." + Sql.identifier(raw)));
  }

  private void make(String kind, String name, String definition) {
    execute("CREATE TEMP " + kind + " " + Sql.identifier(name) + definition);
    opened.add("DROP " + kind + " temp.main." + Sql.identifier(name));
  }

  private void execute(String sql) {
    connection.execute(sql, List.of());
  }

  private void failed(PolderException e) {
    failure = e;
  }

  @Override
  public void close() {
    listeners.forEach(cancellation::forget);
  }
}
