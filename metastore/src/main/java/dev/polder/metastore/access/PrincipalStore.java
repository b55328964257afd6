package dev.polder.metastore.access;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleId;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The users and services. Every change moves the grants epoch. Bound to one transaction. */
public final class PrincipalStore {
  private static final String COLUMNS =
      "p.id, p.name, p.tenant, p.kind, p.password_hash, p.superuser, p.disabled,"
          + " p.default_database_id, p.created_at";

  private final Transaction tx;

  public PrincipalStore(Transaction tx) {
    this.tx = tx;
  }

  public Principal create(
      PrincipalName name,
      Optional<TenantId> tenant,
      PrincipalKind kind,
      Optional<Secret> passwordHash,
      boolean superuser) {
    requireFree(name);
    tenant.ifPresent(tx.tenants()::get);
    PrincipalId id = new PrincipalId(tx.newId().toString());
    tx.sql()
        .update(
            "INSERT INTO principal (id, name, tenant, kind, password_hash, superuser, disabled,"
                + " created_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
            id,
            name,
            tenant.map(TenantId::value).orElse(""),
            kind,
            passwordHash,
            superuser,
            tx.now());
    tx.grants().changed();
    return get(name);
  }

  public Optional<Principal> find(PrincipalId id) {
    return tx.sql()
        .one("SELECT " + COLUMNS + " FROM principal p WHERE p.id = ?", PrincipalStore::map, id);
  }

  public Optional<Principal> find(PrincipalName name) {
    return tx.sql()
        .one("SELECT " + COLUMNS + " FROM principal p WHERE p.name = ?", PrincipalStore::map, name);
  }

  public Principal get(PrincipalName name) {
    return find(name)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.PRINCIPAL_NOT_FOUND, "user '" + name + "' does not exist"));
  }

  public Page<Principal> list(Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT " + COLUMNS + " FROM principal p WHERE p.name > ? ORDER BY p.name LIMIT ?",
                PrincipalStore::map,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        principal -> principal.name().value());
  }

  /** A tenant's principals; those of the server if it is empty. */
  public Page<Principal> list(Optional<TenantId> tenant, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM principal p WHERE p.tenant = ? AND p.name > ? ORDER BY p.name LIMIT ?",
                PrincipalStore::map,
                tenant.map(TenantId::value).orElse(""),
                after.orElse(""),
                Page.probe(limit)),
        limit,
        principal -> principal.name().value());
  }

  /** A group's members by name. */
  public Page<Principal> listMembers(GroupId group, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM principal_group g JOIN principal p ON p.id = g.principal_id WHERE"
                    + " g.group_id = ? AND p.name > ? ORDER BY p.name LIMIT ?",
                PrincipalStore::map,
                group,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        principal -> principal.name().value());
  }

  /** Whom a role was given to, by name. */
  public Page<Principal> listHolders(RoleId role, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM principal_role h JOIN principal p ON p.id = h.principal_id WHERE"
                    + " h.role_id = ? AND p.name > ? ORDER BY p.name LIMIT ?",
                PrincipalStore::map,
                role,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        principal -> principal.name().value());
  }

  /** How many administrators can log in: the last one must stay. */
  public long countEnabledSuperusers() {
    return tx.sql().number("SELECT COUNT(*) FROM principal WHERE superuser = 1 AND disabled = 0");
  }

  public void rename(PrincipalId id, PrincipalName name) {
    Optional<Principal> holder = find(name);
    if (holder.isPresent() && !holder.get().id().equals(id)) {
      requireFree(name);
    }
    change("UPDATE principal SET name = ? WHERE id = ?", name, id);
  }

  public void setPasswordHash(PrincipalId id, Optional<Secret> passwordHash) {
    change("UPDATE principal SET password_hash = ? WHERE id = ?", passwordHash, id);
  }

  public void setSuperuser(PrincipalId id, boolean superuser) {
    change("UPDATE principal SET superuser = ? WHERE id = ?", superuser, id);
  }

  public void setDisabled(PrincipalId id, boolean disabled) {
    change("UPDATE principal SET disabled = ? WHERE id = ?", disabled, id);
  }

  public void setDefaultDatabase(PrincipalId id, Optional<DatabaseId> database) {
    change("UPDATE principal SET default_database_id = ? WHERE id = ?", database, id);
  }

  /** Deletes the principal with its tokens, credential, memberships and personal role. */
  public void delete(PrincipalId id) {
    change("DELETE FROM principal WHERE id = ?", id);
    tx.roles().findPersonal(id).ifPresent(role -> tx.roles().delete(role.id()));
    tx.sql().update("DELETE FROM token WHERE principal_id = ?", id);
    tx.credentials().delete(id);
    tx.sql().update("DELETE FROM principal_role WHERE principal_id = ?", id);
    tx.sql().update("DELETE FROM principal_group WHERE principal_id = ?", id);
  }

  private void change(String sql, @Nullable Object... arguments) {
    if (tx.sql().update(sql, arguments) == 0) {
      throw new PolderException(ErrorCode.PRINCIPAL_NOT_FOUND, "the user does not exist any more");
    }
    tx.grants().changed();
  }

  private void requireFree(PrincipalName name) {
    if (find(name).isPresent()) {
      throw new PolderException(ErrorCode.PRINCIPAL_EXISTS, "user '" + name + "' exists already");
    }
  }

  private static Principal map(Row row) throws SQLException {
    return new Principal(
        new PrincipalId(row.text()),
        new PrincipalName(row.text()),
        row.owningTenant(),
        row.enumeration(PrincipalKind.class),
        row.optionalText().map(Secret::of),
        row.flag(),
        row.flag(),
        row.optionalInteger().stream().mapToObj(DatabaseId::new).findFirst(),
        row.integer());
  }
}
