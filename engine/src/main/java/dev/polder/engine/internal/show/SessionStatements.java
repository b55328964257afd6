package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.engine.internal.session.SessionRegistry;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Identity;
import dev.polder.policy.Standing;
import dev.polder.policy.admin.DatabaseGate;
import dev.polder.sql.parse.StatementDigest;
import dev.polder.sql.statement.OperationStatement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * SHOW SESSIONS and KILL, of the sessions of this server. Everybody sees and ends their own; who
 * else stands in {@link DatabaseOperation}. A tenant's principal knows of its tenant's sessions
 * alone. Stateless.
 */
final class SessionStatements {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("session_id"),
          Table.text("user"),
          Table.text("database"),
          Table.text("tenant"),
          Table.number("idle_seconds"),
          Table.number("bytes_in"),
          Table.number("bytes_out"),
          Table.text("current_statement_digest"),
          Table.text("door"),
          Table.text("client"),
          Table.time("opened_at"),
          Table.time("last_used_at"),
          Table.text("statement"));

  private SessionStatements() {}

  /** A session that the principal may know of, and in what capacity. */
  private record Seen(SessionRegistry.Listed listed, Set<Standing> standings) {
    Session session() {
      return listed.session();
    }

    /** Its values may be data: who only observes a database gets the digest alone. */
    boolean mayReadText() {
      return standings.contains(Standing.SELF) || standings.contains(Standing.SUPERUSER);
    }
  }

  static Result show(Work work, Optional<DatabaseName> database) {
    List<Seen> seen =
        work.read(tx -> {
          Optional<DatabaseId> only =
              database
                  .map(name -> work.gate(tx).require(DatabaseOperation.OBSERVE, name))
                  .map(Database::id);
          return seen(work, tx).stream()
              .filter(one -> only.isEmpty() || only.get().equals(one.listed().space().database()))
              .toList();
        });
    long now = work.context().engine().clock().millis();
    Table rows = Table.of(COLUMNS);
    for (Seen one : seen) {
      SessionRegistry.Listed listed = one.listed();
      Session session = one.session();
      rows.add(
          session.id().toString(),
          session.identity().name().value(),
          session.database().value(),
          session.tenant().value(),
          Math.max(0, now - listed.lastUsedMillis()) / 1_000,
          session.traffic().bytesIn(),
          session.traffic().bytesOut(),
          listed.runningText().map(SessionStatements::digest).orElse(null),
          listed.door(),
          listed.clientAddress(),
          listed.openedAtMicros(),
          listed.lastUsedMillis() * 1_000,
          one.mayReadText() ? listed.running().orElse(null) : null);
    }
    return rows.answer(work.context());
  }

  /** A text that no lexer reads is on its way to be refused. */
  private static String digest(String text) {
    try {
      return StatementDigest.of(text);
    } catch (PolderException unreadable) {
      return "";
    }
  }

  /** With a part of its rights a principal knows only of what runs with the same part. */
  private static boolean isOwn(Identity listed, Identity actor) {
    return listed.id().equals(actor.id())
        && (actor.scope().isWhole() || actor.scope().equals(listed.scope()));
  }

  private static List<Seen> seen(Work work, MetastoreTransaction tx) {
    DatabaseGate gate = work.gate(tx);
    Map<DatabaseId, Set<Standing>> known = new HashMap<>();
    List<Seen> seen = new ArrayList<>();
    for (SessionRegistry.Listed listed : work.context().engine().sessions().all()) {
      EnumSet<Standing> standings = EnumSet.noneOf(Standing.class);
      boolean own = isOwn(listed.session().identity(), work.actor());
      boolean near = work.actor().tenant().map(listed.space().tenant()::equals).orElse(true);
      if (own) {
        standings.add(Standing.SELF);
      }
      if (near) {
        standings.addAll(known.computeIfAbsent(listed.space().database(), gate::standings));
      }
      if (own || DatabaseOperation.OBSERVE.decide(standings).allowed()) {
        seen.add(new Seen(listed, standings));
      }
    }
    seen.sort(Comparator.comparingLong(one -> one.listed().openedAtMicros()));
    return seen;
  }

  /** The id is a session's; for KILL QUERY also that which a client gave its statement. */
  static Result kill(Work work, OperationStatement.Kill kill) {
    UUID id = id(kill.id());
    for (Seen one : work.read(tx -> seen(work, tx))) {
      boolean named = one.session().id().value().equals(id);
      boolean allowed = DatabaseOperation.KILL_SESSION.decide(one.standings()).allowed();
      if (named) {
        DatabaseOperation.KILL_SESSION.decide(one.standings()).require();
        audit(work, kill, one.listed());
        if (kill.queryOnly()) {
          one.session().cancel();
        } else {
          one.listed().end(ErrorCode.SESSION_KILLED);
        }
        return work.done();
      }
      if (allowed && kill.queryOnly() && one.listed().runs(id)) {
        audit(work, kill, one.listed());
        if (!one.session().cancel(id)) {
          work.context().notice("UNCHANGED", "the statement ended by itself");
        }
        return work.done();
      }
    }
    throw notFound(kill.id());
  }

  private static void audit(
      Work work, OperationStatement.Kill kill, SessionRegistry.Listed listed) {
    Session session = listed.session();
    work.write(tx -> {
      Audit.changed(
          tx,
          work.actor(),
          listed.space().database(),
          Optional.of(listed.space().tenant()),
          kill.queryOnly() ? EventType.STATEMENT_CANCELLED : EventType.SESSION_REVOKED,
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
