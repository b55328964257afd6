package dev.polder.lake.mirror;

import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.DatabaseAccess;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.mirror.FollowerState;
import java.util.List;
import java.util.Optional;

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
   * @param more whether the commit has more tables and views, to be asked for as its {@link Rest}
   */
  public record Snapshot(
      String server,
      String identity,
      DatabaseCommit commit,
      DatabaseAccess access,
      long accessEpoch,
      String lease,
      long bytes,
      boolean more) {
    /** With another commit. */
    Snapshot with(DatabaseCommit other) {
      return new Snapshot(server, identity, other, access, accessEpoch, lease, bytes, more);
    }
  }

  /** Further tables and views of a snapshot. Immutable. */
  public record Rest(List<CollectionState> collections, boolean more) {
    public Rest {
      collections = List.copyOf(collections);
    }
  }

  /**
   * What came after a commit. Immutable.
   *
   * @param identity which database it is
   * @param newest the source's newest commit
   * @param access empty when there is no commit and the grants are those that were told
   * @param afterAt when the commit asked after was made; 0: not known any more
   * @param standing how the source stands to the follower that asks; empty: it does not know it
   * @param offers what the follower should stage, or has staged
   */
  public record Changes(
      String identity,
      long newest,
      long afterAt,
      List<DatabaseCommit> commits,
      DatabaseAccess access,
      long accessEpoch,
      Optional<Standing> standing,
      List<Offered> offers) {
    public Changes {
      commits = List.copyOf(commits);
      offers = List.copyOf(offers);
    }
  }

  /**
   * How a source stands to a synchronous mirror. Immutable.
   *
   * @param degradedAt when a commit went on without it; 0: none has
   */
  public record Standing(FollowerState state, long degradedAt) {}

  /**
   * A commit that shall be staged before it is made. Immutable.
   *
   * @param seq the commit that it has become; 0: it may still be given up
   * @param content empty: the follower has staged it
   */
  public record Offered(String id, long seq, Optional<DatabaseCommit> content) {}

  /** A file's size and SHA-256, in hexadecimal digits. Immutable. */
  public record Digest(long bytes, String sha256) {}

  /** Whether a lease still holds, or a follower is known. Immutable. */
  public record Kept(boolean kept) {}
}
