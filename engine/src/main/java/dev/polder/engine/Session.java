package dev.polder.engine;

import dev.polder.model.DatabaseName;
import dev.polder.model.Notice;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, bound to principal, tenant and database. Runs one statement at a time (a
 * second one waits); {@link #cancel} and {@link #close} may come from any thread. Any thread,
 * virtual ones too, may call: native work is handed to platform threads inside.
 *
 * <p>Parameters are Java objects: null, Boolean, Byte, Short, Integer, Long, BigInteger, Float,
 * Double, BigDecimal, String, byte[], UUID, LocalDate, LocalTime, LocalDateTime, OffsetDateTime,
 * Instant, List of these.
 */
public interface Session extends AutoCloseable {
  SessionId id();

  Identity identity();

  TenantId tenant();

  /** The database bound to; changes with {@code USE}. */
  DatabaseName database();

  /** How often it was bound to a database: each USE of one makes what was prepared void. */
  long bindings();

  /** False once it was closed, killed or idle too long; its next use says which. */
  boolean isOpen();

  /** What the door counts of its client's bytes. */
  Traffic traffic();

  /**
   * Runs exactly one statement. The result must be closed; while it is a {@link Result.Rows} the
   * statement is running.
   *
   * @throws dev.polder.model.PolderException MULTIPLE_STATEMENTS when the text holds several
   */
  Result execute(String sql, List<@Nullable Object> parameters, StatementOptions options);

  /** Splits a text at its top-level semicolons; each part can be given to {@link #execute}. */
  List<String> split(String sql);

  /** Parses, authorises and binds without running. Nothing is kept: preparing is a look. */
  Description describe(String sql);

  /**
   * Appends (or creates and fills) a table from a stream of Arrow batches as one statement, under
   * the same grants as INSERT and CREATE TABLE.
   *
   * @return rows written
   */
  long ingest(IngestRequest request, ArrowReader data);

  /** True while BEGIN has opened a transaction that has not ended. */
  boolean inTransaction();

  /** Ends the running statement, if it is this one, with STATEMENT_CANCELLED. */
  boolean cancel(UUID statement);

  /** Ends whatever statement runs, with STATEMENT_CANCELLED. */
  void cancel();

  /** Notices of the last statement. */
  List<Notice> notices();

  /** Rolls back, cancels and forgets the session. */
  @Override
  void close();
}
