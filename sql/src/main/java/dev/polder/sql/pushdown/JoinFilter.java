package dev.polder.sql.pushdown;

import dev.polder.sql.remote.RemoteColumn;
import java.util.Set;

/**
 * A column of a remote reference of which only the values among some keys can matter.
 *
 * @param reference {@code TableReference#index} of the reference
 * @param keys a query of one column, in the names of the user's text and without parameters; when
 *     it fails, the filter says nothing
 * @param remotes the remote references that the keys are read from; empty when they are local
 */
public record JoinFilter(int reference, RemoteColumn column, String keys, Set<Integer> remotes) {
  public JoinFilter {
    remotes = Set.copyOf(remotes);
  }
}
