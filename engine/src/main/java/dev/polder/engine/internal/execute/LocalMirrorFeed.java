package dev.polder.engine.internal.execute;

import dev.polder.engine.MirrorFeed;
import dev.polder.lake.mirror.MirrorSource;
import dev.polder.lake.mirror.Wire;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.lineage.CommitJson;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.DatabaseGate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Serves the databases of this server; each call asks the gate anew. Thread-safe. */
public final class LocalMirrorFeed implements MirrorFeed {
  private static final long LONGEST_WAIT_MILLIS = 5_000;
  private static final long LONGEST_SYNC_MICROS = TimeUnit.SECONDS.toMicros(10_000);

  private final EngineParts engine;
  private final MirrorSource source;

  public LocalMirrorFeed(EngineParts engine) {
    this.engine = engine;
    this.source = engine.lake().mirrorSource();
  }

  /** A state that is refused was not given; whether one arrived is the other server's to know. */
  @Override
  public String snapshot(Identity who, DatabaseName database) {
    return CommitJson.write(
        source.snapshot(tx -> {
          DatabaseId found = allowed(tx, who, database);
          tx.audit()
              .append(
                  new AuditEvent(
                      Optional.of(found),
                      Optional.of(who.name()),
                      Optional.empty(),
                      EventType.DATABASE_SENT,
                      Optional.of(database.value()),
                      AuditOutcome.SUCCESS,
                      AuditEvent.detail(Map.of("as_of", "newest"))));
          return found;
        }));
  }

  @Override
  public String rest(Identity who, DatabaseName database, String lease, long from) {
    return CommitJson.write(source.rest(allowed(who, database), lease, from));
  }

  @Override
  public String commits(
      Identity who,
      DatabaseName database,
      long after,
      long accessEpoch,
      long waitMillis,
      Optional<String> follower) {
    DatabaseId id = allowed(who, database);
    long wait = Math.clamp(waitMillis, 0, LONGEST_WAIT_MILLIS);
    return CommitJson.write(source.changes(id, after, accessEpoch, wait, follower));
  }

  @Override
  public String join(
      Identity who,
      DatabaseName database,
      String follower,
      DatabaseName mirror,
      long syncTimeoutMicros,
      String onTimeout) {
    TimeoutAction action =
        Arrays.stream(TimeoutAction.values())
            .filter(it -> it.name().equals(onTimeout))
            .findFirst()
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.INVALID_PARAMETER, "onTimeout is FAIL or DEGRADE, not " + onTimeout));
    if (syncTimeoutMicros < 0 || syncTimeoutMicros > LONGEST_SYNC_MICROS) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "syncTimeoutMicros is from 0 to " + LONGEST_SYNC_MICROS + ", not " + syncTimeoutMicros);
    }
    source.join(allowed(who, database), follower, mirror, syncTimeoutMicros, action, who.name());
    return CommitJson.write(new Wire.Kept(true));
  }

  @Override
  public String staged(
      Identity who, DatabaseName database, String follower, Optional<String> offer) {
    source.staged(allowed(who, database), follower, offer);
    return CommitJson.write(new Wire.Kept(true));
  }

  @Override
  public String leave(Identity who, DatabaseName database, String follower) {
    source.leave(allowed(who, database), follower, who.name());
    return CommitJson.write(new Wire.Kept(false));
  }

  @Override
  public String keep(Identity who, DatabaseName database, String lease) {
    return CommitJson.write(new Wire.Kept(source.keep(allowed(who, database), lease)));
  }

  @Override
  public String release(Identity who, DatabaseName database, String lease) {
    source.release(allowed(who, database), lease);
    return CommitJson.write(new Wire.Kept(false));
  }

  @Override
  public String digest(Identity who, DatabaseName database, String path, Runnable progress) {
    return CommitJson.write(source.digest(allowed(who, database), path, progress));
  }

  @Override
  public Content file(Identity who, DatabaseName database, String path, long offset) {
    MirrorSource.SourceFile file = source.open(allowed(who, database), path, offset);
    return new Content(file.length(), file.stream());
  }

  private DatabaseId allowed(Identity who, DatabaseName database) {
    try {
      return engine.metastore().read(tx -> allowed(tx, who, database));
    } catch (PolderException e) {
      if (e.code() == ErrorCode.ACCESS_DENIED) {
        engine
            .auditLog()
            .denied(
                who,
                Optional.empty(),
                "MIRROR FEED",
                database.value(),
                String.valueOf(e.getMessage()),
                "");
      }
      throw e;
    }
  }

  private DatabaseId allowed(MetastoreTransaction tx, Identity who, DatabaseName database) {
    Rights.requireValid(tx, engine, who);
    return DatabaseGate.of(tx, who, who.tenant().orElse(TenantId.DEFAULT))
        .require(DatabaseOperation.MIRROR, database)
        .id();
  }
}
