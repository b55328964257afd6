package dev.polder.lake;

import dev.polder.model.TableRef;
import java.util.List;
import java.util.Optional;

/**
 * A space's tables and views as of one commit. Names are resolved when they are asked for, in the
 * metastore transaction that made the snapshot or, in a transaction, with its own changes on top.
 */
public interface LakeSnapshot {
  /** The database's newest commit that is visible. */
  long seq();

  Optional<LakeCollection> find(TableRef ref);

  List<LakeCollection> list();

  /** Every schema, in order of name. */
  List<LakeSchema> schemas();
}
