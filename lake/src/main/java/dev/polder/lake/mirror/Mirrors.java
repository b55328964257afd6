package dev.polder.lake.mirror;

import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.Clones;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.mirror.Cluster;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Makes mirrors and knows how other servers may be reached. Thread-safe. */
public final class Mirrors {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Warehouse warehouse;
  private final SecretBox secrets;
  private final boolean plainHttp;
  private final Supplier<SSLContext> trust;

  /**
   * @param plainHttp whether other hosts may be asked over HTTP without TLS
   * @param trust which other hosts are taken for what they say they are
   */
  public Mirrors(
      Warehouse warehouse, SecretBox secrets, boolean plainHttp, Supplier<SSLContext> trust) {
    this.trust = trust;
    this.warehouse = warehouse;
    this.secrets = secrets;
    this.plainHttp = plainHttp;
  }

  /**
   * Makes a mirror in the caller's write transaction; the right to do so is the caller's to check.
   * One of this server holds its source's newest state at once; one of a cluster's database is
   * filled in the background.
   */
  public Database create(MetastoreTransaction tx, MirrorRequest request) {
    return request.cluster().isPresent() ? remote(tx, request) : local(tx, request);
  }

  private Database local(MetastoreTransaction tx, MirrorRequest request) {
    if (request.name().equals(request.source())) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "a database cannot be a mirror of itself");
    }
    Database source = tx.databases().get(request.source());
    if (tx.mirrors().active(source.id()).isPresent()) {
      throw new PolderException(
          ErrorCode.CANNOT_CLONE_MIRROR,
          "database " + source.name() + " is a mirror; mirror its source, or promote it first");
    }
    if (source.kind() != DatabaseKind.LAKE) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE, "database " + source.name() + " holds no tables to mirror");
    }
    Clones.requireDepth(tx, source);
    return tx.localMirrors()
        .create(
            request.name(),
            source,
            request.mode(),
            request.syncTimeoutMicros(),
            request.onTimeout(),
            warehouse.root());
  }

  private Database remote(MetastoreTransaction tx, MirrorRequest request) {
    Cluster cluster = tx.clusters().get(request.cluster().orElseThrow());
    Database made = tx.databases().create(request.name(), DatabaseKind.LAKE, Map.of());
    tx.mirrors()
        .create(
            new Mirror(
                made.id(),
                Optional.of(cluster.name()),
                Optional.empty(),
                request.source(),
                request.mode(),
                request.syncTimeoutMicros(),
                request.onTimeout(),
                MirrorState.BOOTSTRAPPING,
                warehouse.root(),
                1,
                -1,
                -1,
                tx.now(),
                tx.now(),
                0,
                -1,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                tx.now()));
    return made;
  }

  /** The way to a database of another server, with a limit on how long that may take to answer. */
  RemoteSource source(Cluster cluster, DatabaseName database, Duration answer) {
    return new RemoteSource(
        cluster.url(), opened(cluster.token()), database, trust.get(), answer, RemoteSource.IDLE);
  }

  RemoteSource source(Cluster cluster, DatabaseName database) {
    return source(cluster, database, RemoteSource.ANSWER);
  }

  /** Has a source forget a mirror that does not follow it any more. */
  public void leave(Metastore metastore, Mirror mirror) {
    Optional<Cluster> cluster =
        metastore.read(tx -> tx.clusters().find(mirror.cluster().orElseThrow()));
    Database here = metastore.read(tx -> tx.databases().get(mirror.database()));
    if (cluster.isPresent()) {
      try (RemoteSource source = source(cluster.get(), mirror.sourceName())) {
        source.leave(Staging.follower(metastore, here));
      }
    }
    metastore.write(tx -> {
      tx.mirrors().registered(mirror.database(), false);
      return mirror;
    });
  }

  /** Encrypts what another server takes. */
  public Secret sealed(Secret token) {
    return secrets.seal(token);
  }

  /** Decrypts what {@link #sealed} encrypted. */
  public Secret opened(Secret sealed) {
    return secrets.open(sealed);
  }

  /**
   * The address of another server as it is kept: scheme, host and port alone. Refused without TLS,
   * but for this machine.
   */
  public String checkedUrl(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw refused("it is no URL");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (host == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !(path.isEmpty() || path.equals("/"))) {
      throw refused("write it as https://host:port");
    }
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw refused("it begins with https://");
    }
    if (scheme.equals("http") && !plainHttp && !LOOPBACK.contains(host.toLowerCase(Locale.ROOT))) {
      throw refused("tokens and data would cross the network unencrypted; use https://");
    }
    return scheme + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  /**
   * Refuses a new address that the cluster's token was not given for: another host, or one that is
   * reached without TLS where the old one was with it.
   */
  public static void requireKeepsToken(Cluster cluster, String url) {
    URI from = URI.create(cluster.url());
    URI to = URI.create(url);
    boolean lessSecret =
        from.getScheme().equals("https") && !to.getScheme().equals(from.getScheme());
    if (lessSecret || !from.getHost().equalsIgnoreCase(to.getHost())) {
      throw refused(
          "the token was given for "
              + cluster.url()
              + "; give it anew: ALTER CLUSTER "
              + cluster.name()
              + " SET URL '"
              + url
              + "', TOKEN '…'");
    }
  }

  private static PolderException refused(String why) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, "the cluster's URL is refused: " + why);
  }
}
