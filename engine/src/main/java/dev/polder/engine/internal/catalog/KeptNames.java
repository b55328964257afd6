package dev.polder.engine.internal.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.engine.catalog.NamePage;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.policy.Access;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Lists of tables and views, for the very rights and the very commit of the database that they were
 * read under; both are read anew each time. Thread-safe.
 */
final class KeptNames {
  private static final long MAX_NAMES = 500_000;
  private static final Duration UNUSED = Duration.ofMinutes(10);

  /** Rights are compared as objects: there is a new one for each grants epoch, and each space. */
  private record Key(
      Access access, Namespace namespace, CollectionKind kind, Optional<String> after, int limit) {}

  private record Kept(long seq, long committedAt, NamePage<TableIdentifier> page) {
    boolean isOf(Database database) {
      return seq == database.commitSeq() && committedAt == database.committedAt();
    }
  }

  private final Cache<Key, Kept> cache =
      Caffeine.newBuilder()
          .maximumWeight(MAX_NAMES)
          .weigher((Key key, Kept kept) -> 1 + kept.page().names().size())
          .expireAfterAccess(UNUSED)
          .build();

  NamePage<TableIdentifier> get(
      CatalogScope.Bound bound,
      CollectionKind kind,
      Namespace namespace,
      Optional<String> after,
      int limit,
      Supplier<NamePage<TableIdentifier>> read) {
    Key key = new Key(bound.access(), namespace, kind, after, limit);
    Kept kept = cache.getIfPresent(key);
    if (kept == null || !kept.isOf(bound.database())) {
      kept = new Kept(bound.database().commitSeq(), bound.database().committedAt(), read.get());
      cache.put(key, kept);
    }
    return kept.page();
  }
}
