package dev.polder.engine.internal.execute;

import dev.polder.lake.LakeCollection;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Access;
import dev.polder.policy.AccessControl;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.GrantAdministration;
import java.util.List;

/**
 * Gives who made a schema, table or view every privilege on it, unless a grant above gives them
 * already. Stateless.
 */
public final class CreatorGrants {
  private static final List<Privilege> ALL = List.of(Privilege.values());

  private CreatorGrants() {}

  public static void grant(
      MetastoreTransaction tx,
      Identity creator,
      SpaceKey space,
      List<LakeCollection> collections,
      List<SchemaName> schemas) {
    Access access = AccessControl.accessInWrite(tx, creator, space);
    for (LakeCollection made : collections) {
      boolean all =
          ALL.stream()
              .allMatch(privilege ->
                  access.onCollection(privilege, made.schema(), made.id(), "").allowed());
      if (!all && tx.collections().find(made.id()).isPresent()) {
        GrantAdministration.grantToCreator(
            tx,
            creator,
            new Securable.Collection(space, made.schema(), made.id()),
            made.ref().toString());
      }
    }
    for (SchemaName name : schemas) {
      tx.schemas()
          .find(space, name)
          .filter(schema ->
              !ALL.stream()
                  .allMatch(privilege -> access.onSchema(privilege, schema.id(), "").allowed()))
          .ifPresent(schema ->
              GrantAdministration.grantToCreator(
                  tx, creator, new Securable.Schema(space, schema.id()), name.value()));
    }
  }
}
