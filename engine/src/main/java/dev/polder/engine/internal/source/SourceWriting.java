package dev.polder.engine.internal.source;

import dev.polder.engine.internal.session.SessionState;
import dev.polder.engine.internal.session.SessionState.OpenTransaction;
import dev.polder.federation.SourceTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteTable;
import java.util.Optional;

/**
 * One statement's writing to one source: in the session's transaction there, which ends with the
 * session's, or in one of its own. A transaction writes one system: this database or one source.
 * One owner.
 */
public final class SourceWriting {
  private final Source source;
  private final StatementSources sources;
  private final Optional<OpenTransaction> session;

  private SourceWriting(
      Source source, StatementSources sources, Optional<OpenTransaction> session) {
    this.source = source;
    this.sources = sources;
    this.session = session;
  }

  /**
   * Begins to write.
   *
   * @throws PolderException NOT_SUPPORTED when the session's transaction has written elsewhere, or
   *     the source is attached by setup SQL; READ_ONLY; SOURCE_DISABLED
   */
  public static SourceWriting begin(SessionState session, StatementSources sources, Source source) {
    StatementSources.requireEnabled(source);
    if (source.definition().setupSql().isPresent()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "source '"
              + source.alias()
              + "' is attached by setup SQL and only read; a source with a connector can be"
              + " written");
    }
    session.transaction().ifPresent(open -> requireOnlyOne(open, source));
    sources.writes(source);
    return new SourceWriting(source, sources, session.transaction());
  }

  private static void requireOnlyOne(OpenTransaction open, Source source) {
    if (open.readOnly()) {
      throw new PolderException(
          ErrorCode.READ_ONLY, "the transaction is read-only; COMMIT it first");
    }
    if (open.lake().hasChanges()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "the transaction has written to this database, and a transaction writes one system:"
              + " COMMIT it before writing to source '"
              + source.alias()
              + "'");
    }
    open.sources().requireOnly(source);
  }

  /** Refuses a source that is only read. */
  public void requireWritable() {
    if (source.definition().readOnly()) {
      throw new PolderException(
          ErrorCode.READ_ONLY, "source '" + source.alias() + "' is read-only");
    }
  }

  public String defaultSchema() {
    return sources.client(source).defaultSchema();
  }

  public Optional<RemoteTable> table(String schema, String name) {
    return sources.client(source).table(schema, name);
  }

  public SourceTransaction transaction() {
    return sources.transaction(source);
  }

  /** Commits what was written, unless the session's transaction goes on. */
  public void done() {
    if (session.isPresent()) {
      session.get().sources().written(source);
    } else {
      transaction().commit();
    }
  }
}
