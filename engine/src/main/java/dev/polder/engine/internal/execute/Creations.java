package dev.polder.engine.internal.execute;

import dev.polder.lake.LakeCollection;
import dev.polder.model.SchemaName;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction has made: its creator gets every privilege on it once it is committed, unless
 * a grant above gives them already. Guarded by the session's statement lock.
 */
public final class Creations {
  private final List<LakeCollection> collections = new ArrayList<>();
  private final List<SchemaName> schemas = new ArrayList<>();

  public void add(LakeCollection collection) {
    collections.add(collection);
  }

  public void add(SchemaName schema) {
    schemas.add(schema);
  }

  void clear() {
    collections.clear();
    schemas.clear();
  }

  /** Grants to the creator what was committed. */
  void granted(StatementContext context) {
    if (!collections.isEmpty() || !schemas.isEmpty()) {
      if (!context.session().identity().superuser()) {
        context
            .engine()
            .metastore()
            .write(tx -> {
              CreatorGrants.grant(
                  tx,
                  context.session().identity(),
                  context.session().space(),
                  collections,
                  schemas);
              return true;
            });
      }
      clear();
    }
  }
}
