package dev.polder.lake;

import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The lake's limits.
 *
 * @param metadataCacheBytes weight of the parsed table and view metadata that is kept
 * @param manifestCacheBytes weight of the parsed manifest entries that are kept
 * @param deleteCacheBytes weight of the bitmaps of deleted rows that are kept
 * @param commitAttempts how often a commit is re-applied to a moved table before it is a conflict
 * @param groupCommitMax at most as many waiting appends, or other engines' commits, to one table
 *     share a metastore transaction
 * @param manifestsBeforeMerge small manifests are merged when a snapshot would hold more
 * @param snapshotsKept snapshots that a table's newest metadata still lists
 * @param commitsAtOnce commits that are built and written at once
 * @param commitTimeout how long a commit waits for its turn at a table
 * @param secretKey the file with the key for secrets in the metastore
 * @param plainHttp whether other servers may be mirrored without TLS
 * @param trust which other servers are taken for what they say they are; asked for each connection
 * @param engineGc whether other engines may be told, by a table's properties, to delete its files
 */
public record LakeOptions(
    long metadataCacheBytes,
    long manifestCacheBytes,
    long deleteCacheBytes,
    int commitAttempts,
    int groupCommitMax,
    int manifestsBeforeMerge,
    int snapshotsKept,
    int commitsAtOnce,
    Duration commitTimeout,
    Path secretKey,
    boolean plainHttp,
    Supplier<SSLContext> trust,
    boolean engineGc) {
  public static final LakeOptions DEFAULT =
      new LakeOptions(
          64L << 20,
          256L << 20,
          128L << 20,
          20,
          64,
          25,
          10,
          64,
          Duration.ofSeconds(60),
          Path.of("secret.key"),
          false,
          LakeOptions::authorities,
          false);

  /** Trusts those that this machine's authorities vouch for. */
  public static SSLContext authorities() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a JVM without TLS", e);
    }
  }

  /** As a server's configuration has it. */
  public LakeOptions with(
      Path secretKey, boolean plainHttp, Supplier<SSLContext> trust, boolean engineGc) {
    return new LakeOptions(
        metadataCacheBytes,
        manifestCacheBytes,
        deleteCacheBytes,
        commitAttempts,
        groupCommitMax,
        manifestsBeforeMerge,
        snapshotsKept,
        commitsAtOnce,
        commitTimeout,
        secretKey,
        plainHttp,
        trust,
        engineGc);
  }
}
