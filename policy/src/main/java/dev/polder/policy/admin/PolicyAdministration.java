package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.RoleId;
import dev.polder.model.RoleRef;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Identity;
import dev.polder.policy.internal.AuditRows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Creates, drops and lists row filters and column masks: the work of superusers, and of a {@code
 * tenant_admin} in its tenant's spaces; owners have no say, for a policy may be meant for them.
 * Whether an expression is valid SQL is for the caller to check first. Stateless; each call belongs
 * to the caller's transaction.
 */
public final class PolicyAdministration {
  private static final int MAX_EXPRESSION = 4096;

  private PolicyAdministration() {}

  /**
   * Creates a row filter: rows for which it is not true are not there.
   *
   * @param role whose holders it applies to; empty: everybody
   */
  public static Policy createRowFilter(
      MetastoreTransaction tx,
      Identity actor,
      SpaceKey space,
      CollectionId table,
      String name,
      Optional<RoleRef> role,
      String expression) {
    return create(
        tx,
        actor,
        PolicyKind.ROW_FILTER,
        space,
        table,
        OptionalInt.empty(),
        name,
        role,
        expression);
  }

  /**
   * Creates a mask: the column's value is the expression's.
   *
   * @param role whose holders it applies to; empty: everybody
   */
  public static Policy createColumnMask(
      MetastoreTransaction tx,
      Identity actor,
      SpaceKey space,
      CollectionId table,
      int fieldId,
      String name,
      Optional<RoleRef> role,
      String expression) {
    return create(
        tx,
        actor,
        PolicyKind.COLUMN_MASK,
        space,
        table,
        OptionalInt.of(fieldId),
        name,
        role,
        expression);
  }

  public static void drop(
      MetastoreTransaction tx, Identity actor, SpaceKey space, CollectionId table, String name) {
    requireAdministrator(tx, actor, space);
    CollectionEntry entry = collection(tx, space, table);
    Policy policy =
        tx.policies()
            .find(table, name)
            .filter(found -> found.space().equals(space))
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.POLICY_NOT_FOUND,
                    "policy '" + name + "' does not exist on " + entry.ref()));
    tx.policies().delete(policy.id());
    AuditRows.changed(
        tx,
        actor,
        space.database(),
        Optional.of(space.tenant()),
        EventType.POLICY_DROPPED,
        name,
        Map.of("on", entry.ref().toString(), "kind", word(policy.kind())));
  }

  /** The policies on one table or view, by name. */
  public static List<Policy> on(
      MetastoreTransaction tx, Identity actor, SpaceKey space, CollectionId table) {
    requireAdministrator(tx, actor, space);
    return tx.policies().on(table).stream().filter(policy -> policy.space().equals(space)).toList();
  }

  public static Page<Policy> list(
      MetastoreTransaction tx, Identity actor, SpaceKey space, Optional<String> after, int limit) {
    requireAdministrator(tx, actor, space);
    return tx.policies().list(space, after, limit);
  }

  private static Policy create(
      MetastoreTransaction tx,
      Identity actor,
      PolicyKind kind,
      SpaceKey space,
      CollectionId table,
      OptionalInt fieldId,
      String name,
      Optional<RoleRef> role,
      String expression) {
    Actor acting = requireAdministrator(tx, actor, space);
    CollectionEntry entry = collection(tx, space, table);
    checkTexts(name, expression);
    Optional<RoleId> holders = holders(acting, role, space);
    Policy policy =
        tx.policies()
            .create(
                kind, name, space, table, fieldId, holders, expression, Optional.of(actor.id()));
    AuditRows.changed(
        tx,
        actor,
        space.database(),
        Optional.of(space.tenant()),
        EventType.POLICY_CREATED,
        name,
        Map.of(
            "on", entry.ref().toString(),
            "kind", word(kind),
            "for", role.map(RoleRef::toString).orElse("everybody"),
            "expression", expression));
    return policy;
  }

  /** The role that a policy is for; refused when it belongs to another database. */
  static Optional<RoleId> holders(Actor acting, Optional<RoleRef> role, SpaceKey space) {
    Optional<Role> found = role.map(ref -> acting.role(Optional.of(space.tenant()), ref));
    found.ifPresent(it -> GrantAdministration.requireIn(it, space.database()));
    return found.map(Role::id);
  }

  static Actor requireAdministrator(MetastoreTransaction tx, Identity actor, SpaceKey space) {
    Actor acting = Actor.of(tx, actor);
    acting.requireAdministrationOf(Optional.of(space.tenant()), "administer policies");
    return acting;
  }

  private static CollectionEntry collection(
      MetastoreTransaction tx, SpaceKey space, CollectionId table) {
    return tx.collections()
        .find(table)
        .filter(found -> found.space().equals(space) && found.droppedSeq().isEmpty())
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.COLLECTION_NOT_FOUND, "the table does not exist any more"));
  }

  static void checkTexts(String name, String expression) {
    if (name.isBlank() || name.length() > 255) {
      throw new PolderException(
          ErrorCode.INVALID_NAME, "the name of a policy must have 1 to 255 characters");
    }
    if (expression.isBlank() || expression.length() > MAX_EXPRESSION) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "a policy's expression must have 1 to " + MAX_EXPRESSION + " characters");
    }
  }

  static String word(PolicyKind kind) {
    return switch (kind) {
      case ROW_FILTER -> "ROW FILTER";
      case COLUMN_MASK -> "COLUMN MASK";
    };
  }
}
