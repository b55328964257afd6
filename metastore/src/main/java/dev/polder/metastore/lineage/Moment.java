package dev.polder.metastore.lineage;

import dev.polder.model.SpaceKey;
import java.util.List;

/**
 * A moment of a space's history. The history of a space that was cut from another one goes on in
 * the other's rows. Immutable.
 *
 * @param seq the commit, counted in the holder's database
 * @param path from the space itself to the holder, whose rows keep the moment; both included
 */
public record Moment(long seq, List<SpaceKey> path) {
  public Moment {
    path = List.copyOf(path);
  }

  public SpaceKey space() {
    return path.getFirst();
  }

  public SpaceKey holder() {
    return path.getLast();
  }
}
