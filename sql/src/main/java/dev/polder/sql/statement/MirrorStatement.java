package dev.polder.sql.statement;

import dev.polder.model.ClusterName;
import dev.polder.model.DatabaseName;
import dev.polder.model.Secret;
import java.util.Map;
import java.util.Optional;

/** About databases that follow another one, and the servers that those are on. */
public sealed interface MirrorStatement extends AdminStatement {
  /**
   * MIRROR DATABASE.
   *
   * @param cluster where the source is; empty: in this server
   * @param synchronous MODE = sync
   * @param options {@code sync_timeout} and {@code on_timeout}
   */
  record MirrorDatabase(
      SqlText text,
      DatabaseName database,
      boolean ifNotExists,
      Optional<ClusterName> cluster,
      DatabaseName source,
      boolean synchronous,
      Map<String, String> options)
      implements MirrorStatement {}

  /** ALTER DATABASE … PROMOTE: the mirror follows no more and can be written. */
  record Promote(SqlText text, DatabaseName database) implements MirrorStatement {}

  /** ALTER DATABASE … DETACH MIRROR: its commits wait for the mirror on another server no more. */
  record DetachMirror(SqlText text, DatabaseName database, DatabaseName mirror)
      implements MirrorStatement {}

  /** SHOW DATABASE MIRROR STATUS: of a mirror, or of those that a database is followed by. */
  record ShowMirrorStatus(SqlText text, DatabaseName database) implements MirrorStatement {}

  /** SHOW MIRRORS: all of the server. */
  record ShowMirrors(SqlText text) implements MirrorStatement {}

  /** CREATE CLUSTER. The text does not spell the token. */
  record CreateCluster(
      SqlText text, ClusterName cluster, boolean ifNotExists, String url, Secret token)
      implements MirrorStatement {}

  /** ALTER CLUSTER … SET: what is empty stays as it is. The text does not spell the token. */
  record AlterCluster(
      SqlText text, ClusterName cluster, Optional<String> url, Optional<Secret> token)
      implements MirrorStatement {}

  record DropCluster(SqlText text, ClusterName cluster, boolean ifExists)
      implements MirrorStatement {}

  record ShowClusters(SqlText text) implements MirrorStatement {}
}
