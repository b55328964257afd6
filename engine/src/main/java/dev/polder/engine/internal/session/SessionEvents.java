package dev.polder.engine.internal.session;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.policy.AuditLog;
import dev.polder.policy.DeniedException;
import dev.polder.policy.Identity;
import dev.polder.sql.parse.StatementDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the audit trail is told of a session that belongs to no commit. Each event is made at once,
 * as the session then is, and told later: the trail may have to wait for the metastore. Stateless.
 */
final class SessionEvents {
  private SessionEvents() {}

  /**
   * A statement that was refused: what was, the privilege that it lacked, and its kind; of its text
   * the digest alone.
   */
  static Consumer<AuditLog> denial(
      SessionState session, PolderException refusal, String text, String kind) {
    Identity identity = session.identity();
    SpaceKey bound = session.space();
    Optional<DeniedException> denied =
        refusal instanceof DeniedException known ? Optional.of(known) : Optional.empty();
    SpaceKey space =
        denied
            .flatMap(DeniedException::database)
            .map(database -> new SpaceKey(database, bound.tenant()))
            .orElse(bound);
    return log ->
        log.denied(
            identity,
            Optional.of(space),
            kind,
            denied.map(DeniedException::object).orElse(kind),
            denied.flatMap(DeniedException::privilege).orElse(""),
            String.valueOf(refusal.getMessage()),
            StatementDigest.of(text));
  }

  /** A session that ended because nobody used it. */
  static Consumer<AuditLog> idleTimeout(SessionState session, String door) {
    AuditEvent event =
        new AuditEvent(
            Optional.of(session.space().database()),
            Optional.of(session.identity().name()),
            Optional.of(session.space().tenant()),
            EventType.SESSION_IDLE_TIMEOUT,
            Optional.of(session.id().toString()),
            AuditOutcome.SUCCESS,
            AuditEvent.detail(Map.of("door", door)));
    return log -> log.happened(List.of(event));
  }
}
