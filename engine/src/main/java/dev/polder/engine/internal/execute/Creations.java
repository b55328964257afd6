package dev.polder.engine.internal.execute;

import dev.polder.lake.LakeCollection;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.policy.Access;
import dev.polder.policy.AccessControl;
import dev.polder.policy.admin.GrantAdministration;
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
              grant(tx, context);
              return true;
            });
      }
      clear();
    }
  }

  private void grant(MetastoreTransaction tx, StatementContext context) {
    var session = context.session();
    Access access = AccessControl.accessInWrite(tx, session.identity(), session.space());
    for (LakeCollection made : collections) {
      boolean all =
          List.of(Privilege.values()).stream()
              .allMatch(privilege ->
                  access.onCollection(privilege, made.schema(), made.id(), "").allowed());
      if (!all && tx.collections().find(made.id()).isPresent()) {
        GrantAdministration.grantToCreator(
            tx,
            session.identity(),
            new Securable.Collection(session.space(), made.schema(), made.id()),
            made.ref().toString());
      }
    }
    for (SchemaName name : schemas) {
      tx.schemas()
          .find(session.space(), name)
          .filter(schema ->
              !List.of(Privilege.values()).stream()
                  .allMatch(privilege -> access.onSchema(privilege, schema.id(), "").allowed()))
          .ifPresent(schema ->
              GrantAdministration.grantToCreator(
                  tx,
                  session.identity(),
                  new Securable.Schema(session.space(), schema.id()),
                  name.value()));
    }
  }
}
