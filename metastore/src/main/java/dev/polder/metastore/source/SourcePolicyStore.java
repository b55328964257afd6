package dev.polder.metastore.source;

import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import dev.polder.model.SourceId;
import dev.polder.model.SpaceKey;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The row filters and column masks on tables of sources. Every change moves the grants epoch. Bound
 * to one transaction.
 */
public final class SourcePolicyStore {
  private static final String SELECT =
      "SELECT p.id, p.kind, p.name, p.source_id, p.schema_name, p.table_name, p.column_name,"
          + " p.role_id, p.expression, p.created_by, p.created_at FROM source_policy p ";
  private static final String ON =
      "WHERE p.source_id = ? AND p.schema_name = ? AND p.table_name = ?";

  private final Transaction tx;

  public SourcePolicyStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Names are unique per table.
   *
   * @param column that of a mask
   */
  public SourcePolicy create(
      PolicyKind kind,
      String name,
      SourceTable table,
      Optional<String> column,
      Optional<RoleId> role,
      String expression,
      Optional<PrincipalId> createdBy) {
    if (find(table, name).isPresent()) {
      throw new PolderException(
          ErrorCode.POLICY_EXISTS, "the table has a policy '" + name + "' already");
    }
    SourcePolicy policy =
        new SourcePolicy(
            new PolicyId(tx.newId().toString()),
            kind,
            name,
            table,
            column.map(it -> it.toLowerCase(Locale.ROOT)),
            role,
            expression,
            createdBy,
            tx.now());
    tx.sql()
        .update(
            "INSERT INTO source_policy (id, kind, name, source_id, schema_name, table_name,"
                + " column_name, role_id, expression, created_by, created_at) VALUES (?, ?, ?, ?, ?,"
                + " ?, ?, ?, ?, ?, ?)",
            policy.id(),
            kind,
            name,
            table.source(),
            table.schema(),
            table.table(),
            policy.column().orElse(""),
            role,
            expression,
            createdBy,
            tx.now());
    tx.grants().changed();
    return policy;
  }

  public Optional<SourcePolicy> find(SourceTable table, String name) {
    return tx.sql()
        .one(
            SELECT + ON + " AND p.name = ?",
            SourcePolicyStore::map,
            table.source(),
            table.schema(),
            table.table(),
            name);
  }

  /** All policies on a table, by name. */
  public List<SourcePolicy> on(SourceTable table) {
    return tx.sql()
        .list(
            SELECT + ON + " ORDER BY p.name",
            SourcePolicyStore::map,
            table.source(),
            table.schema(),
            table.table());
  }

  /** All policies on tables of a space's sources. */
  public List<SourcePolicy> all(SpaceKey space) {
    return tx.sql()
        .list(
            SELECT
                + "JOIN source s ON s.id = p.source_id WHERE s.database_id = ? AND s.tenant = ?"
                + " ORDER BY p.id",
            SourcePolicyStore::map,
            space.database(),
            space.tenant());
  }

  public void delete(PolicyId id) {
    if (tx.sql().update("DELETE FROM source_policy WHERE id = ?", id) == 0) {
      throw new PolderException(ErrorCode.POLICY_NOT_FOUND, "the policy does not exist any more");
    }
    tx.grants().changed();
  }

  private static SourcePolicy map(Row row) throws SQLException {
    return new SourcePolicy(
        new PolicyId(row.text()),
        row.enumeration(PolicyKind.class),
        row.text(),
        new SourceTable(new SourceId(row.text()), row.text(), row.text()),
        Optional.of(row.text()).filter(column -> !column.isEmpty()),
        row.optionalText().map(RoleId::new),
        row.text(),
        row.optionalText().map(PrincipalId::new),
        row.integer());
  }
}
