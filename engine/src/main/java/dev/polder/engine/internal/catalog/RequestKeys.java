package dev.polder.engine.internal.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.engine.catalog.RepeatableRequest;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.idempotency.KeyState;
import dev.polder.metastore.idempotency.RequestKey;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.SpaceKey;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The keys of requests to this server's catalogs. Whoever sends a key that another attempt is at
 * waits for a while; an attempt that died may be followed after its lease. Thread-safe.
 */
final class RequestKeys {
  private static final long LEASE_MICROS = micros(Duration.ofSeconds(60));
  private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(20).toNanos();
  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
  private static final long MOST = 100_000;

  private final Metastore metastore;
  private final Duration lifetime;

  /** How many keys principals have; looked up now and then, for it is only a bound. */
  private final Cache<Owner, AtomicLong> counts =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(10)).maximumSize(10_000).build();

  private record Owner(PrincipalId principal, SpaceKey space) {}

  RequestKeys(Metastore metastore, Duration lifetime) {
    this.metastore = metastore;
    this.lifetime = lifetime;
    if (!metastore.isShared()) {
      metastore.write(tx -> tx.idempotency().releaseAll());
    }
  }

  Duration lifetime() {
    return lifetime;
  }

  private static long micros(Duration duration) {
    return duration.toMillis() * 1_000;
  }

  RepeatableRequest begin(CatalogParts parts, CatalogScope scope, UUID id, String fingerprint) {
    RequestKey key = new RequestKey(scope.identity().id(), scope.space(), id);
    // Nobody leaves a key in a space that is not its own.
    var _ = scope.audited("BIND", scope.shown(), scope::access);
    requireRoom(key, fingerprint);
    long begun = System.nanoTime();
    while (true) {
      KeyState state =
          metastore.write(
              tx -> tx.idempotency().begin(key, fingerprint, LEASE_MICROS, micros(lifetime)));
      switch (state) {
        case KeyState.Begun(String name) -> {
          RequestAttempt attempt = new RequestAttempt(metastore, key, name);
          return new RepeatableRequest.First(
              new LocalGovernedCatalog(scope.with(attempt), parts), attempt);
        }
        case KeyState.Done done -> {
          return new RepeatableRequest.Done(new RepeatedCatalog(scope, parts, done));
        }
        case KeyState.Answered(int status, String body) -> {
          return new RepeatableRequest.Answered(status, body);
        }
        case KeyState.Taken _ ->
            throw new PolderException(
                ErrorCode.UNPROCESSABLE_REQUEST,
                "the Idempotency-Key "
                    + id
                    + " was sent with another request before; make a new key for each"
                    + " operation");
        case KeyState.Running _ -> await(key, fingerprint, begun);
      }
    }
  }

  /** Returns when it is worth asking again. */
  private void await(RequestKey key, String fingerprint, long begun) {
    while (System.nanoTime() - begun < LONGEST_WAIT_NANOS) {
      LockSupport.parkNanos(LOOK_NANOS);
      boolean runs =
          metastore.read(tx ->
              tx.idempotency()
                  .find(key, fingerprint)
                  .filter(KeyState.Running.class::isInstance)
                  .map(KeyState.Running.class::cast)
                  .filter(running -> running.leaseUntil() > tx.now())
                  .isPresent());
      if (!runs) {
        return;
      }
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    // Not as "unavailable": clients take that for a commit that did not happen.
    throw new PolderException(
        ErrorCode.COMMIT_OUTCOME_UNKNOWN,
        "an earlier request with the Idempotency-Key "
            + key.key()
            + " still runs; send it again later with the same key");
  }

  private void requireRoom(RequestKey key, String fingerprint) {
    AtomicLong count =
        counts.get(
            new Owner(key.principal(), key.space()),
            owner ->
                new AtomicLong(
                    metastore.read(
                        tx -> tx.idempotency().count(owner.principal(), owner.space()))));
    if (count.incrementAndGet() <= MOST) {
      return;
    }
    Optional<KeyState> known = metastore.read(tx -> tx.idempotency().find(key, fingerprint));
    if (known.isEmpty()) {
      throw new PolderException(
          ErrorCode.IDEMPOTENCY_KEY_LIMIT,
          "more than "
              + MOST
              + " idempotency keys of yours are kept; wait until some are over, or send"
              + " requests without a key");
    }
  }
}
