package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.engine.internal.session.SessionRegistry;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.OperationStatement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * SHOW SESSIONS, KILL and SHOW AUDIT. A superuser sees and ends all sessions of this server,
 * everybody else their own. Stateless.
 */
final class OperationStatements {
  static final List<Header> SESSIONS =
      List.of(
          Table.text("id"),
          Table.text("user"),
          Table.text("tenant"),
          Table.text("database"),
          Table.text("door"),
          Table.text("client"),
          Table.time("opened_at"),
          Table.time("last_used_at"),
          Table.text("statement"));

  private OperationStatements() {}

  static Result run(Work work, OperationStatement statement) {
    return switch (statement) {
      case OperationStatement.ShowSessions ignored -> showSessions(work);
      case OperationStatement.ShowJobs ignored -> JobList.of(work).answer(work.context());
      case OperationStatement.Kill kill -> kill(work, kill);
      case OperationStatement.ShowAudit show ->
          AuditList.of(work, show.limit()).answer(work.context());
    };
  }

  private static List<SessionRegistry.Listed> visible(Work work) {
    work.read(tx -> tx.now());
    return work.context().engine().sessions().all().stream()
        .filter(listed ->
            work.actor().superuser() || listed.session().identity().id().equals(work.actor().id()))
        .sorted(Comparator.comparingLong(SessionRegistry.Listed::openedAtMicros))
        .toList();
  }

  private static Result showSessions(Work work) {
    Table rows = Table.of(SESSIONS);
    for (SessionRegistry.Listed listed : visible(work)) {
      Session session = listed.session();
      rows.add(
          session.id().toString(),
          session.identity().name().value(),
          session.tenant().value(),
          session.database().value(),
          listed.door(),
          listed.clientAddress(),
          listed.openedAtMicros(),
          listed.lastUsedMillis() * 1_000,
          listed.running().orElse(null));
    }
    return rows.answer(work.context());
  }

  /** The id is a session's; for KILL QUERY also that which a client gave its statement. */
  private static Result kill(Work work, OperationStatement.Kill kill) {
    UUID id = id(kill.id());
    for (SessionRegistry.Listed listed : visible(work)) {
      Session session = listed.session();
      boolean named = session.id().value().equals(id);
      if (named && kill.queryOnly()) {
        session.cancel();
      } else if (named) {
        session.close();
      }
      if (named || (kill.queryOnly() && session.cancel(id))) {
        audit(work, kill, session);
        return work.done();
      }
    }
    throw notFound(kill.id());
  }

  private static void audit(Work work, OperationStatement.Kill kill, Session session) {
    work.context()
        .engine()
        .metastore()
        .write(tx -> {
          Audit.changed(
              tx,
              work.actor(),
              session.identity().tenant(),
              kill.queryOnly() ? "KILL QUERY" : "KILL SESSION",
              session.id().toString(),
              Map.of("user", session.identity().name().value()));
          return session;
        });
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw notFound(text);
    }
  }

  private static PolderException notFound(String id) {
    return new PolderException(
        ErrorCode.SESSION_NOT_FOUND,
        "there is no session "
            + (id.length() > 60 ? id.substring(0, 60) + "…" : id)
            + "; SHOW SESSIONS lists those there are");
  }
}
