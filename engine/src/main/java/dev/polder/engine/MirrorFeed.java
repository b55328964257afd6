package dev.polder.engine;

import dev.polder.model.DatabaseName;
import dev.polder.policy.Identity;
import java.io.InputStream;
import java.util.Optional;

/**
 * What another server asks to mirror a database, for principals who may mirror. Answers are JSON,
 * but for a file's bytes. Thread-safe.
 */
public interface MirrorFeed {
  /** The database's newest state, with a lease that keeps its files. */
  String snapshot(Identity who, DatabaseName database);

  /** Further tables and views of a state, after the first ones. */
  String rest(Identity who, DatabaseName database, String lease, long from);

  /**
   * The commits after one.
   *
   * @param accessEpoch of the grants that the mirror has
   * @param waitMillis how long to wait for the first one
   * @param follower who asks, if commits wait for it
   */
  String commits(
      Identity who,
      DatabaseName database,
      long after,
      long accessEpoch,
      long waitMillis,
      Optional<String> follower);

  /** Makes a synchronous mirror known. */
  String join(
      Identity who,
      DatabaseName database,
      String follower,
      DatabaseName mirror,
      long syncTimeoutMicros,
      String onTimeout);

  /**
   * A follower is there.
   *
   * @param offer what it has staged, durably; empty: nothing new
   */
  String staged(Identity who, DatabaseName database, String follower, Optional<String> offer);

  /** Forgets a follower. */
  String leave(Identity who, DatabaseName database, String follower);

  /** Renews a lease; the answer says whether it still held. */
  String keep(Identity who, DatabaseName database, String lease);

  String release(Identity who, DatabaseName database, String lease);

  /**
   * A file's size and SHA-256.
   *
   * @param progress is called now and then while a large file is read
   */
  String digest(Identity who, DatabaseName database, String path, Runnable progress);

  /** A file that the database's own versions reach, from an offset on; the caller closes it. */
  Content file(Identity who, DatabaseName database, String path, long offset);

  /** The rest of a file. */
  record Content(long length, InputStream stream) {}
}
