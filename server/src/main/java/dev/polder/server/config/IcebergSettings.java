package dev.polder.server.config;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What other engines may do through the Iceberg REST catalog. Immutable. */
public record IcebergSettings(
    @Key(
            "Prefixes outside of the warehouse, separated by commas, below which other engines"
                + " may keep tables' files. Whoever may create a table may name any file there,"
                + " and the server reads manifests there; it never deletes there. Unset: none.")
        @Nullable String externalLocations) {

  public List<String> prefixes() {
    return externalLocations == null
        ? List.of()
        : Stream.of(externalLocations.split(",")).map(String::strip).toList();
  }
}
