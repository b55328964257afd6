package dev.polder.engine.internal.execute;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorStore;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.Consistency;
import java.util.Optional;

/** Refuses queries that want the newest state where nobody knows whether it is there. Stateless. */
final class StaleReads {
  private StaleReads() {}

  static void check(StatementContext context, Consistency consistency) {
    if (consistency != Consistency.STRONG) {
      return;
    }
    context
        .engine()
        .metastore()
        .read(tx -> {
          Optional<Mirror> mirror = tx.mirrors().active(context.session().space().database());
          mirror.ifPresent(it -> refuse(tx, context, it));
          return mirror.isPresent();
        });
  }

  private static void refuse(MetastoreTransaction tx, StatementContext context, Mirror mirror) {
    String source =
        mirror
            .cluster()
            .flatMap(tx.clusters()::find)
            .map(cluster -> cluster.url() + ", database " + mirror.sourceName())
            .orElse("database " + MirrorStore.source(mirror) + " of this server");
    throw new PolderException(
        ErrorCode.STALE_READ_NOT_LEADER,
        "database "
            + context.session().database()
            + " is a mirror and may be behind its source; read "
            + source
            + ", or say CONSISTENCY = 'bounded_staleness'");
  }
}
