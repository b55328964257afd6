package dev.polder.federation.postgres;

import dev.polder.federation.arrow.ArrowTypes;
import dev.polder.federation.arrow.BatchSource;
import dev.polder.federation.arrow.PrefetchingReader;
import dev.polder.federation.postgres.CopyBatches.CopyQueue;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/** One query's rows on their way: which COPYs run on which sessions. Not thread-safe. */
final class PostgresRead {
  private final PostgresErrors errors;
  private final BufferAllocator allocator;
  private final List<String> names;
  private final List<String> types;
  private final Schema schema;
  private final List<SessionQueue> queues = new ArrayList<>();

  PostgresRead(PostgresErrors errors, RemoteQuery query, BufferAllocator allocator) {
    this.errors = errors;
    this.allocator = allocator;
    this.names = query.outputs().stream().map(RemoteQuery.Output::name).toList();
    this.types = query.outputs().stream().map(output -> output.value().type()).toList();
    this.schema =
        new Schema(
            query.outputs().stream()
                .map(output -> ArrowTypes.field(output.name(), output.value().type()))
                .toList());
  }

  /** Texts of COPYs, each taken once, by whichever session is free. */
  interface Statements {
    @Nullable String next();
  }

  /**
   * Reads over one more session.
   *
   * @param first started already
   * @param own whether the session ends with the reading
   */
  void add(PostgresSession session, @Nullable CopyOut first, Statements more, boolean own) {
    queues.add(new SessionQueue(session, first, more, own));
  }

  PrefetchingReader start() {
    List<BatchSource> sources = new ArrayList<>();
    queues.forEach(queue -> sources.add(new CopyBatches(queue, names, types, errors, allocator)));
    return new PrefetchingReader(schema, sources, allocator);
  }

  /** Whether a session is still read from. */
  boolean open() {
    return queues.stream().anyMatch(queue -> !queue.isOver());
  }

  private static final class SessionQueue implements CopyQueue {
    private final PostgresSession session;
    private final Statements more;
    private final boolean own;
    private @Nullable CopyOut first;
    private boolean failed;
    private boolean interrupted;
    private boolean over;

    SessionQueue(PostgresSession session, @Nullable CopyOut first, Statements more, boolean own) {
      this.session = session;
      this.first = first;
      this.more = more;
      this.own = own;
    }

    @Override
    public @Nullable CopyOut next() {
      CopyOut started = first;
      if (started != null) {
        first = null;
        return started;
      }
      String sql = more.next();
      return sql == null ? null : session.copy(sql);
    }

    @Override
    public PolderException failed(SQLException e) {
      failed = true;
      return session.failed(e);
    }

    /** Not once it is over: the session is used for something else by then. */
    @Override
    public synchronized void cancel() {
      if (!over && !interrupted) {
        interrupted = true;
        session.interrupt();
      }
    }

    private synchronized boolean isOver() {
      return over;
    }

    @Override
    public synchronized void ended(@Nullable CopyOut copy) {
      over = true;
      CopyOut open = copy == null ? first : copy;
      if (failed) {
        session.recover();
      } else if (open != null) {
        if (!interrupted) {
          session.interrupt();
        }
        session.drain(open);
      } else if (interrupted) {
        session.recover();
      }
      if (own) {
        session.close();
      }
    }
  }
}
