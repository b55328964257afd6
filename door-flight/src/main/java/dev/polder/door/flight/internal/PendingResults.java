package dev.polder.door.flight.internal;

import dev.polder.door.flight.FlightLimits;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Results that clients were told of, by ticket, and those being streamed. A ticket is unguessable,
 * good for one fetch by the principal who got it, and forgotten when not used. Thread-safe.
 */
final class PendingResults {
  private final FlightLimits limits;
  private final Map<String, PendingResult> pending = new ConcurrentHashMap<>();
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  private record Running(PendingResult result, RunningStatement statement) {}

  PendingResults(FlightLimits limits) {
    this.limits = limits;
  }

  PendingResult add(
      ClientSession session,
      String sql,
      List<@Nullable Object> parameters,
      Optional<String> transaction) {
    long held = pending.values().stream().filter(p -> p.session() == session).count();
    if (held >= limits.ticketsPerSession()) {
      throw new PolderException(
          ErrorCode.CONNECTION_LIMIT,
          "this session has " + held + " results waiting to be fetched; fetch or cancel some");
    }
    PendingResult result =
        new PendingResult(
            Handles.next(),
            session,
            session.identity().id(),
            sql,
            parameters,
            transaction,
            UUID.randomUUID(),
            System.nanoTime());
    pending.put(result.handle(), result);
    return result;
  }

  PendingResult take(String handle, Identity identity) {
    PendingResult result = pending.get(handle);
    if (result == null
        || !result.owner().equals(identity.id())
        || !pending.remove(handle, result)) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "this ticket is unknown, was used before or has expired; run the statement again");
    }
    return result;
  }

  void started(PendingResult result, RunningStatement statement) {
    running.put(result.handle(), new Running(result, statement));
  }

  void ended(PendingResult result) {
    running.remove(result.handle());
  }

  /** Withdraws a ticket or cancels its statement; false when there is no such one. */
  boolean cancel(String handle, Identity identity) {
    PendingResult result = pending.get(handle);
    if (result != null && result.owner().equals(identity.id()) && pending.remove(handle, result)) {
      return true;
    }
    Running active = running.get(handle);
    if (active == null || !active.result().owner().equals(identity.id())) {
      return false;
    }
    active.statement().cancel();
    return true;
  }

  void forgetExpired() {
    long lifetime = limits.ticketLifetime().toNanos();
    long now = System.nanoTime();
    pending.values().removeIf(result -> now - result.madeNanos() > lifetime);
  }
}
