package dev.polder.metastore.access;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The tenants' identity providers, one each. Every change moves the grants epoch. Bound to one
 * transaction.
 */
public final class IdentityProviderStore {
  private static final String COLUMNS =
      "tenant, issuer, audiences, principal_claim, roles_claim, role_pattern, role_name,"
          + " tenant_claim, tenant_value, provision, mode, created_at";

  private final Transaction tx;

  public IdentityProviderStore(Transaction tx) {
    this.tx = tx;
  }

  /** Gives the tenant this provider, in the place of the one it has. */
  public IdentityProvider set(IdentityProvider provider) {
    tx.tenants().get(provider.tenant());
    // Each state has a time of its own: logins remember under which one they were made.
    long after = find(provider.tenant()).map(IdentityProvider::createdAt).orElse(-1L);
    tx.sql().update("DELETE FROM identity_provider WHERE tenant = ?", provider.tenant());
    IdentityProvider.Claims claims = provider.claims();
    tx.sql()
        .update(
            "INSERT INTO identity_provider ("
                + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?, ?)",
            provider.tenant(),
            provider.issuer(),
            String.join("\n", provider.audiences()),
            claims.principal(),
            claims.roles(),
            claims.rolePattern(),
            claims.roleName(),
            claims.tenant(),
            claims.tenantValue(),
            provider.provision(),
            provider.mode(),
            Math.max(tx.now(), after + 1));
    tx.grants().changed();
    return find(provider.tenant()).orElseThrow();
  }

  public Optional<IdentityProvider> find(TenantId tenant) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM identity_provider WHERE tenant = ?",
            IdentityProviderStore::map,
            tenant);
  }

  /** Those that the issuer is of: one for each tenant that trusts it. */
  public List<IdentityProvider> ofIssuer(String issuer) {
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM identity_provider WHERE issuer = ? ORDER BY tenant",
            IdentityProviderStore::map,
            issuer);
  }

  public Page<IdentityProvider> list(Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM identity_provider WHERE tenant > ? ORDER BY tenant LIMIT ?",
                IdentityProviderStore::map,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        provider -> provider.tenant().value());
  }

  public void delete(TenantId tenant) {
    if (tx.sql().update("DELETE FROM identity_provider WHERE tenant = ?", tenant) == 0) {
      throw new PolderException(
          ErrorCode.IDENTITY_PROVIDER_NOT_FOUND,
          "tenant '" + tenant + "' has no identity provider");
    }
    tx.grants().changed();
  }

  private static IdentityProvider map(Row row) throws SQLException {
    return new IdentityProvider(
        new TenantId(row.text()),
        row.text(),
        List.of(row.text().split("\n", -1)),
        new IdentityProvider.Claims(
            row.optionalText(),
            row.optionalText(),
            row.optionalText(),
            row.optionalText(),
            row.optionalText(),
            row.text()),
        row.flag(),
        row.enumeration(LoginMode.class),
        row.integer());
  }
}
