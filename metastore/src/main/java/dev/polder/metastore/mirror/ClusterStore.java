package dev.polder.metastore.mirror;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ClusterName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.Secret;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The other servers that databases are mirrored from. Bound to one transaction. */
public final class ClusterStore {
  private static final String COLUMNS = "SELECT name, url, token, created_at FROM cluster_ ";

  private final Transaction tx;

  public ClusterStore(Transaction tx) {
    this.tx = tx;
  }

  public Cluster create(ClusterName name, String url, Secret token, Optional<PrincipalId> by) {
    if (find(name).isPresent()) {
      throw new PolderException(
          ErrorCode.CLUSTER_EXISTS, "cluster '" + name + "' exists already; drop it first");
    }
    tx.sql()
        .update(
            "INSERT INTO cluster_ (name, url, token, created_by, created_at) VALUES (?, ?, ?, ?, ?)",
            name,
            url,
            token,
            by,
            tx.now());
    return new Cluster(name, url, token, tx.now());
  }

  /** Changes how the cluster is reached: those who follow see that before their next step. */
  public Cluster change(ClusterName name, String url, Secret token) {
    get(name);
    tx.sql().update("UPDATE cluster_ SET url = ?, token = ? WHERE name = ?", url, token, name);
    return get(name);
  }

  public Optional<Cluster> find(ClusterName name) {
    return tx.sql().one(COLUMNS + "WHERE name = ?", ClusterStore::map, name);
  }

  public Cluster get(ClusterName name) {
    return find(name)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.CLUSTER_NOT_FOUND,
                "cluster '" + name + "' does not exist; SHOW CLUSTERS lists those there are"));
  }

  /** By name. */
  public List<Cluster> list() {
    return tx.sql().list(COLUMNS + "ORDER BY name", ClusterStore::map);
  }

  /** Refused while a database follows one of that cluster. */
  public void drop(ClusterName name) {
    get(name);
    List<String> users =
        tx.sql()
            .list(
                "SELECT d.name FROM mirror m JOIN database_ d ON d.id = m.database_id WHERE"
                    + " m.cluster = ? AND m.state <> 'PROMOTED' AND d.dropped_at IS NULL ORDER BY"
                    + " d.name",
                Row::text,
                name);
    if (!users.isEmpty()) {
      throw new PolderException(
          ErrorCode.CLUSTER_IN_USE,
          "cluster '"
              + name
              + "' is what "
              + String.join(", ", users)
              + " mirrors from; promote or drop these first");
    }
    tx.sql().update("DELETE FROM cluster_ WHERE name = ?", name);
  }

  private static Cluster map(Row row) throws SQLException {
    return new Cluster(
        new ClusterName(row.text()), row.text(), Secret.of(row.text()), row.integer());
  }
}
