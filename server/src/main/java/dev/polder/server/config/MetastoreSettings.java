package dev.polder.server.config;

import dev.polder.model.Secret;
import org.jspecify.annotations.Nullable;

/** The database that holds tenants, grants and the tables' versions. Immutable. */
public record MetastoreSettings(
    @Key(
            value =
                "JDBC address: jdbc:sqlite:<file> for one server, jdbc:postgresql://host/database"
                    + " where several share it.",
            derived = "`jdbc:sqlite:` and `metastore.db` in `data.dir`")
        String url,
    @Key("User of a PostgreSQL metastore.") @Nullable String user,
    @Key("Password of a PostgreSQL metastore.") @Nullable Secret password) {

  private static final String SQLITE = "jdbc:sqlite:";

  /** Whether the metastore is the embedded one, which takes a single server. */
  public boolean isSqlite() {
    return url.startsWith(SQLITE);
  }

  /** The file of an embedded metastore. */
  public java.nio.file.Path sqliteFile() {
    if (!isSqlite()) {
      throw new IllegalStateException("the metastore is not SQLite");
    }
    return java.nio.file.Path.of(url.substring(SQLITE.length()));
  }
}
