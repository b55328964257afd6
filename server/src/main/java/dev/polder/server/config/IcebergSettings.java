package dev.polder.server.config;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What other engines may do through the Iceberg REST catalog, and for how long. Immutable. */
public record IcebergSettings(
    @Key(
            "Prefixes outside of the warehouse, separated by commas, below which other engines"
                + " may keep tables' files. Whoever may create a table may name any file there,"
                + " and the server reads manifests there; it never deletes there. Unset: none.")
        @Nullable String externalLocations,
    @Key(
            value =
                "Lets engines set gc.enabled and write.metadata.delete-after-commit.enabled: their"
                    + " clean-up then deletes files that clones, mirrors and time travel may need.",
            byDefault = "false")
        boolean engineGc,
    @Key(
            value = "Lifetime of an access token that an OAuth client gets.",
            byDefault = "1h",
            min = "1m",
            max = "7d")
        Duration tokenLifetime,
    @Key(
            value =
                "How long a client may send a request again under the same Idempotency-Key and be"
                    + " answered without it being done twice.",
            byDefault = "30m",
            min = "1s")
        Duration idempotencyKeyLifetime) {

  public List<String> prefixes() {
    return externalLocations == null
        ? List.of()
        : Stream.of(externalLocations.split(",")).map(String::strip).toList();
  }
}
