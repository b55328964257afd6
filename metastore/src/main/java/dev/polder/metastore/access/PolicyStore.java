package dev.polder.metastore.access;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import dev.polder.model.SpaceKey;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The row filters and column masks. Every change moves the grants epoch. Bound to one transaction.
 */
public final class PolicyStore {
  private static final String COLUMNS =
      "id, kind, name, database_id, tenant, collection_id, field_id, role_id, expression,"
          + " created_by, created_at";

  private final Transaction tx;

  public PolicyStore(Transaction tx) {
    this.tx = tx;
  }

  /** Names are unique per table or view. */
  public Policy create(
      PolicyKind kind,
      String name,
      SpaceKey space,
      CollectionId collection,
      OptionalInt fieldId,
      Optional<RoleId> role,
      String expression,
      Optional<PrincipalId> createdBy) {
    tx.mirrors().requireWritable(space.database());
    return insert(kind, name, space, collection, fieldId, role, expression, createdBy);
  }

  /** Makes a policy that a mirror's source has. */
  public Policy insert(
      PolicyKind kind,
      String name,
      SpaceKey space,
      CollectionId collection,
      OptionalInt fieldId,
      Optional<RoleId> role,
      String expression,
      Optional<PrincipalId> createdBy) {
    if (find(collection, name).isPresent()) {
      throw new PolderException(
          ErrorCode.POLICY_EXISTS, "the table has a policy '" + name + "' already");
    }
    Policy policy =
        new Policy(
            new PolicyId(tx.newId().toString()),
            kind,
            name,
            space,
            collection,
            fieldId,
            role,
            expression,
            createdBy,
            tx.now());
    tx.sql()
        .update(
            "INSERT INTO policy (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            policy.id(),
            kind,
            name,
            space.database(),
            space.tenant(),
            collection,
            fieldId,
            role,
            expression,
            createdBy,
            tx.now());
    tx.grants().changed();
    return policy;
  }

  public Optional<Policy> find(PolicyId id) {
    return tx.sql().one("SELECT " + COLUMNS + " FROM policy WHERE id = ?", PolicyStore::map, id);
  }

  public Optional<Policy> find(CollectionId collection, String name) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM policy WHERE collection_id = ? AND name = ?",
            PolicyStore::map,
            collection,
            name);
  }

  /** All policies on a table or view, by name. */
  public List<Policy> on(CollectionId collection) {
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM policy WHERE collection_id = ? ORDER BY name",
            PolicyStore::map,
            collection);
  }

  /** All policies of a space. */
  public List<Policy> all(SpaceKey space) {
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM policy WHERE database_id = ? AND tenant = ? ORDER BY id",
            PolicyStore::map,
            space.database(),
            space.tenant());
  }

  public Page<Policy> list(SpaceKey space, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM policy WHERE database_id = ? AND tenant = ? AND id > ? ORDER BY id"
                    + " LIMIT ?",
                PolicyStore::map,
                space.database(),
                space.tenant(),
                after.orElse(""),
                Page.probe(limit)),
        limit,
        policy -> policy.id().value());
  }

  public void delete(PolicyId id) {
    find(id).ifPresent(policy -> tx.mirrors().requireWritable(policy.space().database()));
    remove(id);
  }

  /** Removes a policy that a mirror's source has no more. */
  public void remove(PolicyId id) {
    if (tx.sql().update("DELETE FROM policy WHERE id = ?", id) == 0) {
      throw new PolderException(ErrorCode.POLICY_NOT_FOUND, "the policy does not exist any more");
    }
    tx.grants().changed();
  }

  private static Policy map(Row row) throws SQLException {
    return new Policy(
        new PolicyId(row.text()),
        row.enumeration(PolicyKind.class),
        row.text(),
        row.space(),
        new CollectionId(row.text()),
        row.fieldId(),
        row.optionalText().map(RoleId::new),
        row.text(),
        row.optionalText().map(PrincipalId::new),
        row.integer());
  }
}
