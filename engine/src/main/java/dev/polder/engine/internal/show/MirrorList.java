package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.policy.DatabaseOperation;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What SHOW MIRRORS answers: all that were not promoted, for who observes the server. Stateless.
 */
final class MirrorList {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("name"),
          Table.text("source"),
          Table.text("mode"),
          Table.text("status"),
          Table.number("lag_ms"),
          Table.number("last_applied"),
          Table.text("error"));

  private MirrorList() {}

  static Table of(Work work) {
    return work.read(tx -> {
      work.gate(tx).require(DatabaseOperation.OBSERVE);
      Table rows = Table.of(COLUMNS);
      for (Mirror stored : tx.mirrors().unpromoted()) {
        Mirror mirror = tx.localMirrors().observed(stored);
        rows.add(
            tx.databases().get(mirror.database()).name().value(),
            mirror.cluster().map(cluster -> cluster + ".").orElse("") + mirror.sourceName(),
            mirror.mode().name().toLowerCase(Locale.ROOT),
            mirror.health(tx.now()).name().toLowerCase(Locale.ROOT),
            TimeUnit.MICROSECONDS.toMillis(mirror.lagMicros(tx.now())),
            mirror.lastApplied(),
            mirror.error().orElse(null));
      }
      return rows;
    });
  }
}
