package dev.polder.sql.authorise;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.ViewState;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.catalog.MetadataRelation;
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

  /** A relation of {@code information_schema} or {@code pg_catalog}. */
  record Metadata(TableReference reference, MetadataRelation relation)
      implements ResolvedReference {}
}
