package dev.polder.federation.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.federation.SourceClient.Listed;
import dev.polder.sql.remote.RemoteTable;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A source's catalog as it was at most some seconds ago, with names found without regard to case:
 * of names that differ in case alone none is found. Thread-safe.
 */
public final class CatalogCache {
  private static final int MOST_TABLES = 2_000;

  private final SourceCatalog catalog;
  private final Cache<String, List<String>> schemas;
  private final Cache<String, List<Listed>> tables;
  private final Cache<List<String>, Optional<RemoteTable>> columns;

  public CatalogCache(SourceCatalog catalog, Duration kept) {
    this.catalog = catalog;
    schemas = Caffeine.newBuilder().expireAfterWrite(kept).build();
    tables = Caffeine.newBuilder().expireAfterWrite(kept).maximumSize(MOST_TABLES).build();
    columns = Caffeine.newBuilder().expireAfterWrite(kept).maximumSize(MOST_TABLES).build();
  }

  /** In order of name. */
  public List<String> schemas() {
    return schemas.get("", ignored -> catalog.schemas().stream().sorted().toList());
  }

  /** In order of name; none when there is no such schema. */
  public List<Listed> tables(String schema) {
    return only(schemas(), schema, Function.identity())
        .map(spelled ->
            tables.get(
                spelled,
                name ->
                    catalog.tables(name).stream()
                        .sorted(Comparator.comparing(Listed::name))
                        .toList()))
        .orElse(List.of());
  }

  /** A table with its columns; empty also when two of its columns differ in case alone. */
  public Optional<RemoteTable> table(String schema, String name) {
    return only(schemas(), schema, Function.identity())
        .flatMap(spelled ->
            only(tables(spelled), name, Listed::name)
                .flatMap(listed ->
                    columns.get(
                        List.of(spelled, listed.name()),
                        ignored -> catalog.table(spelled, listed))))
        .filter(CatalogCache::hasDistinctColumns);
  }

  public void invalidate() {
    schemas.invalidateAll();
    tables.invalidateAll();
    columns.invalidateAll();
  }

  private static boolean hasDistinctColumns(RemoteTable table) {
    return table.columns().stream()
        .allMatch(column ->
            table.columns().stream()
                    .filter(other -> other.name().equalsIgnoreCase(column.name()))
                    .count()
                == 1);
  }

  private static <T> Optional<T> only(List<T> all, String wanted, Function<T, String> name) {
    List<T> found = all.stream().filter(each -> name.apply(each).equalsIgnoreCase(wanted)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }
}
