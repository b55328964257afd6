package dev.polder.engine.internal.source;

import dev.polder.federation.SourceTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.model.SourceId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a session's transaction has open in sources: one transaction in each source that it has
 * used, so that it sees one moment of it. Closing it rolls back. Guarded by the session's statement
 * lock.
 */
public final class SourceTransactions implements AutoCloseable {
  private final SourceClients clients;
  private final Map<SourceId, Open> open = new LinkedHashMap<>();

  private record Open(SourceClients.Lease lease, SourceTransaction transaction) {}

  public SourceTransactions(SourceClients clients) {
    this.clients = clients;
  }

  /** The session's transaction in a source, begun now if it is the first use. */
  public Optional<SourceTransaction> find(Source source) {
    Open known = open.get(source.id());
    if (known == null) {
      SourceClients.Lease lease = clients.lease(source);
      try {
        known = new Open(lease, lease.client().begin(false));
      } catch (RuntimeException e) {
        lease.close();
        throw e;
      }
      open.put(source.id(), known);
    }
    return Optional.of(known.transaction());
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
