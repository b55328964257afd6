package dev.polder.engine.internal.source;

import dev.polder.federation.SourceTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SourceId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a session's transaction has open in sources: one transaction in each source that it has
 * used, so that it sees one moment of it. Closing it rolls back. Guarded by the session's statement
 * lock.
 */
public final class SourceTransactions implements AutoCloseable {
  private final SourceClients clients;
  private final boolean readOnly;
  private final Map<SourceId, Open> open = new LinkedHashMap<>();

  private @Nullable Source written;

  private record Open(SourceClients.Lease lease, SourceTransaction transaction) {}

  /**
   * @param readOnly whether the session's transaction is
   */
  public SourceTransactions(SourceClients clients, boolean readOnly) {
    this.clients = clients;
    this.readOnly = readOnly;
  }

  /** The source that it has written to. */
  public Optional<Source> written() {
    return Optional.ofNullable(written);
  }

  void written(Source source) {
    written = source;
  }

  /** Refuses a second source. */
  void requireOnly(Source source) {
    Source other = written;
    if (other != null && !other.id().equals(source.id())) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "the transaction has written to source '"
              + other.alias()
              + "', and a transaction writes one system: COMMIT it before writing to source '"
              + source.alias()
              + "'");
    }
  }

  /** Makes what was written durable in its source. */
  public void commit() {
    Source source = written;
    Open known = source == null ? null : open.get(source.id());
    if (known != null) {
      known.transaction().commit();
    }
  }

  /** The session's transaction in a source, begun now if it is the first use. */
  public SourceTransaction in(Source source) {
    Open known = open.get(source.id());
    if (known == null) {
      SourceClients.Lease lease = clients.lease(source);
      try {
        boolean writes = !readOnly && !source.definition().readOnly();
        known = new Open(lease, lease.client().begin(writes));
      } catch (RuntimeException e) {
        lease.close();
        throw e;
      }
      open.put(source.id(), known);
    }
    return known.transaction();
  }

  @Override
  public void close() {
    for (Open each : open.values()) {
      try {
        each.transaction().close();
      } finally {
        each.lease().close();
      }
    }
    open.clear();
  }
}
