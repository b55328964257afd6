package dev.polder.lake;

import java.util.List;

/**
 * A commit that is durable.
 *
 * @param seq the database's number of it; for a transaction that changed nothing, the one it read
 *     at
 * @param committedAtMicros its time
 * @param changed the new versions of what it changed
 */
public record Committed(long seq, long committedAtMicros, List<LakeCollection> changed) {
  public Committed {
    changed = List.copyOf(changed);
  }
}
