package dev.polder.door.http.internal;

import dev.polder.engine.Session;
import dev.polder.engine.SessionRequest;
import dev.polder.engine.SessionService;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens a session for each request, or lends one that the client opened before and names in {@code
 * X-Polder-Session}. Those end when they are deleted, idle too long, or the door closes.
 * Thread-safe.
 */
public final class Sessions implements AutoCloseable {
  private static final String HEADER = "X-Polder-Session";

  private final SessionService service;
  private final Duration idle;
  private final int maxPerPrincipal;
  private final Map<UUID, HeldSession> held = new ConcurrentHashMap<>();

  public Sessions(SessionService service, Duration idle, int maxPerPrincipal) {
    this.service = service;
    this.idle = idle;
    this.maxPerPrincipal = maxPerPrincipal;
  }

  /** A session for the length of a request. */
  public interface Lease extends AutoCloseable {
    Session session();

    /** True when the session goes on after the request. */
    boolean lasting();

    @Override
    void close();
  }

  public Lease lease(Exchange exchange) {
    return lease(exchange, Binding.of(exchange));
  }

  public Lease lease(Exchange exchange, Binding binding) {
    Optional<String> id = exchange.header(HEADER);
    return id.isPresent()
        ? existing(exchange.identity(), id.get(), binding)
        : new Fresh(open(exchange, binding));
  }

  /** Opens a session that lasts. */
  public Session hold(Exchange exchange, Binding binding) {
    Identity identity = exchange.identity();
    long open =
        held.values().stream()
            .filter(session -> session.belongsTo(identity.id()) && session.session().isOpen())
            .count();
    if (open >= maxPerPrincipal) {
      throw new PolderException(
          ErrorCode.CONNECTION_LIMIT,
          "user "
              + identity.name()
              + " has "
              + open
              + " sessions open, the most allowed: delete one with DELETE /api/session/{id}");
    }
    Session session = open(exchange, binding);
    held.put(session.id().value(), new HeldSession(session));
    return session;
  }

  public void end(Identity identity, String id) {
    HeldSession session = find(identity, id);
    held.remove(session.session().id().value(), session);
    session.close();
  }

  /** Closes what has been idle too long; called from time to time. */
  public void sweep() {
    List<HeldSession> expired =
        held.values().stream().filter(session -> session.expire(idle.toNanos())).toList();
    for (HeldSession session : expired) {
      held.remove(session.session().id().value(), session);
      session.close();
    }
  }

  /** How long one may be idle. */
  public Duration idle() {
    return idle;
  }

  int size() {
    return held.size();
  }

  @Override
  public void close() {
    held.values().forEach(HeldSession::close);
    held.clear();
  }

  private Session open(Exchange exchange, Binding binding) {
    return service.open(
        new SessionRequest(
            exchange.identity(),
            binding.tenant(),
            binding.database(),
            "http",
            exchange.clientAddress()));
  }

  private Lease existing(Identity identity, String id, Binding binding) {
    HeldSession session = find(identity, id);
    if (!session.opensTo(identity)) {
      throw new PolderException(
          ErrorCode.SESSION_NOT_FOUND,
          "the session was opened with other credentials of yours: use those, or open another one");
    }
    if (!session.acquire()) {
      throw notFound(id);
    }
    try {
      binding.and(
          Optional.of(session.session().tenant().value())
              .filter(tenant -> binding.tenant().isPresent()),
          Optional.of(session.session().database().value())
              .filter(database -> binding.database().isPresent()));
    } catch (PolderException e) {
      session.release();
      throw e;
    }
    return new Borrowed(session, session.session().isOpen(), held);
  }

  private HeldSession find(Identity identity, String id) {
    HeldSession session = Ids.parse(id).map(held::get).orElse(null);
    if (session == null || !session.belongsTo(identity.id())) {
      throw notFound(id);
    }
    return session;
  }

  private static PolderException notFound(String id) {
    return new PolderException(
        ErrorCode.SESSION_NOT_FOUND,
        "no open session '"
            + Fields.shortened(id)
            + "': it was closed or was idle too long; open one with POST /api/session");
  }

  private record Fresh(Session session) implements Lease {
    @Override
    public boolean lasting() {
      return false;
    }

    @Override
    public void close() {
      session.close();
    }
  }

  /** Where the session was over before the request, that was told, and now there is no such one. */
  private record Borrowed(HeldSession borrowed, boolean wasOpen, Map<UUID, HeldSession> held)
      implements Lease {
    @Override
    public Session session() {
      return borrowed.session();
    }

    @Override
    public boolean lasting() {
      return true;
    }

    @Override
    public void close() {
      borrowed.release();
      if (!wasOpen) {
        held.remove(borrowed.session().id().value(), borrowed);
      }
    }
  }
}
