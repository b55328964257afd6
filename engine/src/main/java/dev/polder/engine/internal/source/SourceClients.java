package dev.polder.engine.internal.source;

import dev.polder.federation.SourceClient;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SourceId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The clients of sources, one for each as it is configured now. One that was made for an earlier
 * configuration ends with its last user. Thread-safe.
 */
public final class SourceClients implements AutoCloseable {
  private final Function<Source, SourceClient> opener;
  private final Clock clock;
  private final Map<SourceId, Entry> entries = new HashMap<>();
  private boolean closed;

  /**
   * @param opener makes a client, for which it may have to ask a store of secrets
   */
  public SourceClients(Function<Source, SourceClient> opener, Clock clock) {
    this.opener = opener;
    this.clock = clock;
  }

  private static final class Entry {
    private final long revision;
    private final SourceClient client;
    private int users;
    private boolean replaced;
    private long lastUsed;

    Entry(long revision, SourceClient client) {
      this.revision = revision;
      this.client = client;
    }
  }

  /** One statement's or transaction's use of a client. */
  public final class Lease implements AutoCloseable {
    private final Entry entry;
    private boolean open = true;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    public SourceClient client() {
      return entry.client;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        release(entry);
      }
    }
  }

  /** A client for the source as it is configured in the given revision, or a newer one. */
  public Lease lease(Source source) {
    synchronized (this) {
      Entry known = entries.get(source.id());
      if (known != null && known.revision >= source.revision()) {
        known.users++;
        return new Lease(known);
      }
    }
    // Outside of the lock: a store of secrets may be slow, and other sources go on meanwhile.
    Entry made = new Entry(source.revision(), opener.apply(source));
    Entry before = null;
    Entry used = made;
    synchronized (this) {
      Entry known = entries.get(source.id());
      if (closed || (known != null && known.revision >= made.revision)) {
        before = made;
        used = known;
      } else {
        entries.put(source.id(), made);
        if (known != null) {
          known.replaced = true;
          before = known.users == 0 ? known : null;
        }
      }
      if (used != null) {
        used.users++;
      }
    }
    if (before != null) {
      before.client.close();
    }
    if (used == null) {
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the server is shutting down");
    }
    return new Lease(used);
  }

  private void release(Entry entry) {
    boolean last;
    synchronized (this) {
      entry.users--;
      entry.lastUsed = clock.millis();
      last = entry.users == 0 && (entry.replaced || closed);
    }
    if (last) {
      entry.client.close();
    }
  }

  /** Makes the next lease open a client anew: its secrets may be others now. */
  public void forget(SourceId source) {
    Entry ended = null;
    synchronized (this) {
      Entry known = entries.remove(source);
      if (known != null) {
        known.replaced = true;
        ended = known.users == 0 ? known : null;
      }
    }
    if (ended != null) {
      ended.client.close();
    }
  }

  /** Closes clients that nobody has used for so long; called now and then. */
  public void closeIdle(Duration idle) {
    long limit = clock.millis() - idle.toMillis();
    List<Entry> ended = new ArrayList<>();
    synchronized (this) {
      entries
          .values()
          .removeIf(entry -> {
            boolean ends = entry.users == 0 && entry.lastUsed < limit;
            if (ends) {
              ended.add(entry);
            }
            return ends;
          });
    }
    ended.forEach(entry -> entry.client.close());
  }

  /** Closes those that are not in use; the others end with their last user. */
  @Override
  public void close() {
    List<Entry> ended;
    synchronized (this) {
      closed = true;
      ended = entries.values().stream().filter(entry -> entry.users == 0).toList();
      entries.clear();
    }
    ended.forEach(entry -> entry.client.close());
  }
}
