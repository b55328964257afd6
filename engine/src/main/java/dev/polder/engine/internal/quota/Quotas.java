package dev.polder.engine.internal.quota;

import dev.polder.lake.QuotaViews;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.quota.PriorityClass;
import dev.polder.metastore.quota.QuotaBound;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.metastore.quota.QuotaView;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Holds this server's sessions and statements to the limits of all three tiers, and knows what is
 * used. Storage is not its business: commits are held to that in the metastore. Thread-safe.
 */
public final class Quotas {
  private final String server = "engine-" + UUID.randomUUID();
  private final QuotaViews views;
  private final Connections connections;
  private final Rates rates;
  private final SharedUse shared;
  private final Supplier<Map<SpaceKey, Long>> memory;
  private volatile Map<SpaceKey, Long> lastMemory = Map.of();

  /**
   * @param memory bytes that the instances of this server hold now
   */
  public Quotas(Metastore metastore, QuotaViews views, Supplier<Map<SpaceKey, Long>> memory) {
    this.views = views;
    this.memory = memory;
    this.connections = new Connections(metastore, views, server);
    this.shared = new SharedUse(metastore, server, this::own);
    this.rates = new Rates(views, shared::others);
  }

  public Connections connections() {
    return connections;
  }

  /**
   * Counts a statement.
   *
   * @throws dev.polder.model.PolderException QPS_QUOTA_EXCEEDED
   */
  public void admit(SpaceKey space) {
    AdmitEvent event = AdmitEvent.started();
    rates.admit(space);
    event.commit();
  }

  /** The limit of a statement's time, if there is one. */
  public Optional<QuotaBound> statementTime(SpaceKey space) {
    AdmitEvent event = AdmitEvent.started();
    Optional<QuotaBound> least =
        views.view(space).bounds(QuotaField.MAX_STATEMENT_SECONDS).stream()
            .min(Comparator.comparingLong(QuotaBound::limit));
    event.commit();
    return least;
  }

  public QuotaView view(SpaceKey space) {
    return views.view(space);
  }

  public PriorityClass priorityClass(SpaceKey space) {
    AdmitEvent event = AdmitEvent.started();
    PriorityClass priority = views.view(space).priorityClass();
    event.commit();
    return priority;
  }

  /** A change of quotas was made here. */
  public void changed(long epoch) {
    views.seen(epoch);
  }

  /** How many servers, this one included, have sessions that count against a limit. */
  public long serversIn(QuotaBound bound) {
    return 1
        + shared.others().uses().stream()
            .filter(use -> use.connections() > 0 && bound.scope().covers(use.space()))
            .map(ServerUse::server)
            .distinct()
            .count();
  }

  /** Rises when what other servers use has changed. */
  public long round() {
    return shared.others().round();
  }

  /** What all servers use, space by space; of others what they said last. */
  public List<ServerUse> uses() {
    List<ServerUse> all = new ArrayList<>(own());
    all.addAll(shared.others().uses());
    return all;
  }

  /** What this server uses, space by space. */
  public List<ServerUse> own() {
    return own(true);
  }

  private List<ServerUse> own(boolean anew) {
    if (anew) {
      lastMemory = memory.get();
    }
    Map<SpaceKey, Long> sessions = connections.all();
    Map<SpaceKey, Long> bytes = lastMemory;
    Set<SpaceKey> spaces = new HashSet<>(sessions.keySet());
    spaces.addAll(bytes.keySet());
    rates.spaces().forEach(spaces::add);
    return spaces.stream()
        .map(space ->
            new ServerUse(
                server,
                space,
                sessions.getOrDefault(space, 0L),
                rates.perSecond(space),
                bytes.getOrDefault(space, 0L)))
        .filter(use -> use.connections() > 0 || use.qps() > 0 || use.memoryBytes() > 0)
        .sorted(
            Comparator.comparingLong((ServerUse use) -> use.space().database().value())
                .thenComparing(use -> use.space().tenant().value()))
        .toList();
  }

  /** Tells other servers what is used here, and takes note of theirs; called every second. */
  public void exchange() {
    shared.exchange();
  }

  /** The server ends. */
  public void leave() {
    shared.leave();
  }
}
