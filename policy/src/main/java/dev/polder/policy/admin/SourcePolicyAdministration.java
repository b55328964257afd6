package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourcePolicy;
import dev.polder.metastore.source.SourceTable;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.RoleRef;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates, drops and lists row filters and column masks on tables of sources, for whom {@link
 * PolicyAdministration} does so on ours. Stateless; each call belongs to the caller's transaction.
 */
public final class SourcePolicyAdministration {
  private SourcePolicyAdministration() {}

  /**
   * Creates a row filter, or a mask where a column is given.
   *
   * @param role whose holders it applies to; empty: everybody
   */
  public static SourcePolicy create(
      MetastoreTransaction tx,
      Identity actor,
      Source source,
      SourceTable table,
      Optional<String> column,
      String name,
      Optional<RoleRef> role,
      String expression) {
    SpaceKey space = source.space();
    Actor acting = PolicyAdministration.requireAdministrator(tx, actor, space);
    PolicyAdministration.checkTexts(name, expression);
    PolicyKind kind = column.isPresent() ? PolicyKind.COLUMN_MASK : PolicyKind.ROW_FILTER;
    SourcePolicy policy =
        tx.sourcePolicies()
            .create(
                kind,
                name,
                table,
                column,
                PolicyAdministration.holders(acting, role, space),
                expression,
                Optional.of(actor.id()));
    AuditRows.changed(
        tx,
        actor,
        space.database(),
        Optional.of(space.tenant()),
        EventType.POLICY_CREATED,
        name,
        Map.of(
            "on", shown(source, table),
            "kind", PolicyAdministration.word(kind),
            "for", role.map(RoleRef::toString).orElse("everybody"),
            "expression", expression));
    return policy;
  }

  public static void drop(
      MetastoreTransaction tx, Identity actor, Source source, SourceTable table, String name) {
    SpaceKey space = source.space();
    PolicyAdministration.requireAdministrator(tx, actor, space);
    SourcePolicy policy =
        tx.sourcePolicies()
            .find(table, name)
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.POLICY_NOT_FOUND,
                    "policy '" + name + "' does not exist on " + shown(source, table)));
    tx.sourcePolicies().delete(policy.id());
    AuditRows.changed(
        tx,
        actor,
        space.database(),
        Optional.of(space.tenant()),
        EventType.POLICY_DROPPED,
        name,
        Map.of("on", shown(source, table), "kind", PolicyAdministration.word(policy.kind())));
  }

  /** The policies on one table, by name. */
  public static List<SourcePolicy> on(
      MetastoreTransaction tx, Identity actor, SpaceKey space, SourceTable table) {
    PolicyAdministration.requireAdministrator(tx, actor, space);
    return tx.sourcePolicies().on(table);
  }

  /** Those on all tables of a space's sources. */
  public static List<SourcePolicy> all(MetastoreTransaction tx, Identity actor, SpaceKey space) {
    PolicyAdministration.requireAdministrator(tx, actor, space);
    return tx.sourcePolicies().all(space);
  }

  private static String shown(Source source, SourceTable table) {
    return source.alias() + "." + table.schema() + "." + table.table();
  }
}
