package dev.polder.lake.delegation;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where the files of one table lie and what somebody may do there. Immutable.
 *
 * @param own the table's own directory, or those that were given out for a table to come; each ends
 *     with a slash, as all here do, so that {@code t1} is not taken for {@code t10}
 * @param others directories of the tables that a clone's files came from: to be read there by name,
 *     and not to be listed
 * @param writes whether new files may be put into the own directory
 */
public record Reach(List<String> own, List<String> others, boolean writes) {
  public Reach {
    own = List.copyOf(own);
    others = List.copyOf(others);
    Stream.concat(own.stream(), others.stream())
        .filter(place -> !place.endsWith("/"))
        .findFirst()
        .ifPresent(place -> {
          throw new IllegalArgumentException(place);
        });
  }

  /** The places that may be read. */
  public List<String> all() {
    return Stream.concat(own.stream(), others.stream()).toList();
  }

  public Reach readOnly() {
    return new Reach(own, others, false);
  }
}
