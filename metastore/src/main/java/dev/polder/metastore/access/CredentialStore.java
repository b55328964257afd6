package dev.polder.metastore.access;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The principals' client credentials, one each, with the hashes of their secrets. Every change
 * moves the grants epoch. Bound to one transaction.
 */
public final class CredentialStore {
  private static final String COLUMNS = "client_id, principal_id, rotation_required, created_at";

  private final Transaction tx;

  public CredentialStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Keeps a principal's first credential.
   *
   * @param hash of the secret, in hexadecimal
   */
  public ClientCredential create(
      PrincipalId principal, String clientId, String hash, boolean rotationRequired) {
    if (find(principal).isPresent()) {
      throw new PolderException(
          ErrorCode.CREDENTIAL_EXISTS,
          "the user has a client credential already; rotate or reset it");
    }
    tx.sql()
        .update(
            "INSERT INTO client_credential (client_id, principal_id, secret_hash,"
                + " rotation_required, created_at) VALUES (?, ?, ?, ?, ?)",
            clientId,
            principal,
            hash,
            rotationRequired,
            tx.now());
    tx.grants().changed();
    return get(principal);
  }

  /** Gives the principal's credential another secret; its client id stays. */
  public ClientCredential replace(PrincipalId principal, String hash, boolean rotationRequired) {
    int replaced =
        tx.sql()
            .update(
                "UPDATE client_credential SET secret_hash = ?, rotation_required = ?,"
                    + " created_at = ? WHERE principal_id = ?",
                hash,
                rotationRequired,
                tx.now(),
                principal);
    if (replaced == 0) {
      throw none();
    }
    tx.grants().changed();
    return get(principal);
  }

  public Optional<ClientCredential> find(PrincipalId principal) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM client_credential WHERE principal_id = ?",
            CredentialStore::map,
            principal);
  }

  public ClientCredential get(PrincipalId principal) {
    return find(principal).orElseThrow(CredentialStore::none);
  }

  /** The credential of that id, if that is its secret's hash. */
  public Optional<ClientCredential> find(String clientId, String hash) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM client_credential WHERE client_id = ? AND secret_hash = ?",
            CredentialStore::map,
            clientId,
            hash);
  }

  public void delete(PrincipalId principal) {
    tx.sql().update("DELETE FROM client_credential WHERE principal_id = ?", principal);
    tx.grants().changed();
  }

  private static PolderException none() {
    return new PolderException(
        ErrorCode.CREDENTIAL_NOT_FOUND, "the user has no client credential; create one");
  }

  private static ClientCredential map(Row row) throws SQLException {
    return new ClientCredential(row.text(), new PrincipalId(row.text()), row.flag(), row.integer());
  }
}
