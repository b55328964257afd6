package dev.polder.lake.mirror;

import dev.polder.metastore.lineage.DatabaseAccess;
import dev.polder.metastore.lineage.DatabaseCommit;
import java.util.List;

/** What a mirror's server and its source's say to one another, as JSON. */
public final class Wire {
  private Wire() {}

  /**
   * What a mirror begins with. Immutable.
   *
   * @param server who answers: a server cannot mirror itself
   * @param identity which database it is: another one that takes its name has another one
   * @param lease keeps the files of this state until it is released or no more renewed
   * @param bytes how much there is to copy, about
   */
  public record Snapshot(
      String server,
      String identity,
      DatabaseCommit commit,
      DatabaseAccess access,
      long accessEpoch,
      String lease,
      long bytes) {}

  /**
   * What came after a commit. Immutable.
   *
   * @param identity which database it is
   * @param newest the source's newest commit
   * @param access empty when there is no commit and the grants are those that were told
   * @param afterAt when the commit asked after was made; 0: not known any more
   */
  public record Changes(
      String identity,
      long newest,
      long afterAt,
      List<DatabaseCommit> commits,
      DatabaseAccess access,
      long accessEpoch) {
    public Changes {
      commits = List.copyOf(commits);
    }
  }

  /** A file's size and SHA-256, in hexadecimal digits. Immutable. */
  public record Digest(long bytes, String sha256) {}

  /** Whether a lease still holds. Immutable. */
  public record Kept(boolean kept) {}
}
