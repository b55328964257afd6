package dev.polder.lake.delegation;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /**
   * The directory around all places: Iceberg's Java clients renew their keys only if the server
   * gives one set, which is then said to be for all of it.
   */
  public String common() {
    String common = all().getFirst();
    for (String place : all()) {
      int same = 0;
      while (same < Math.min(common.length(), place.length())
          && common.charAt(same) == place.charAt(same)) {
        same++;
      }
      common = common.substring(0, common.lastIndexOf('/', same - 1) + 1);
    }
    return common;
  }

  /**
   * There are more places than a store's temporary credentials can name.
   *
   * @param instead what else the client can do
   */
  public PolderException tooScattered(String instead, @Nullable Throwable cause) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        "the table's files lie in "
            + all().size()
            + " places, more than temporary credentials can name: "
            + instead
            + ", or have the database's files copied with ALTER DATABASE … MATERIALIZE",
        cause);
  }
}
