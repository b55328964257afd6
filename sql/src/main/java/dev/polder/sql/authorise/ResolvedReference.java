package dev.polder.sql.authorise;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.ViewState;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.catalog.MetadataRelation;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a table reference of a query turned out to name. */
public sealed interface ResolvedReference {
  TableReference reference();

  /**
   * A table.
   *
   * @param columns ids of the columns that may be read; empty when all may
   */
  record Table(
      TableReference reference,
      LakeCollection entry,
      Optional<Set<Integer>> columns,
      AuthorizedPolicies policies)
      implements ResolvedReference {}

  /**
   * A view and what its text reads with its owner's grants.
   *
   * @param columns positions from 0 of the columns that may be read; empty when all may
   */
  record View(
      TableReference reference,
      LakeCollection entry,
      ViewState state,
      AuthorizedQuery query,
      Optional<Set<Integer>> columns,
      AuthorizedPolicies policies)
      implements ResolvedReference {}

  /**
   * A table or view of a source.
   *
   * @param columns lower-cased names of the columns that may be read; empty when all may
   * @param policies a mask's field id is the column's position from 1
   */
  record Remote(
      TableReference reference,
      AttachedSource source,
      RemoteTable table,
      Optional<Set<String>> columns,
      AuthorizedPolicies policies)
      implements ResolvedReference {
    /** Whether the principal may read the column. */
    public boolean readable(RemoteColumn column) {
      return columns
          .map(names -> names.contains(column.name().toLowerCase(Locale.ROOT)))
          .orElse(true);
    }
  }

  /** A relation of {@code information_schema} or {@code pg_catalog}. */
  record Metadata(TableReference reference, MetadataRelation relation)
      implements ResolvedReference {}
}
