package dev.polder.lake;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.view.ImmutableViewVersion;
import org.apache.iceberg.view.ViewMetadata;

/**
 * What a table of a format that this server does not read is said to be. It is kept as properties
 * in a file of a view's format without a text, so that clones, mirrors, moves and backups carry it
 * as they carry views. Immutable.
 *
 * @param baseLocation below which all of its files lie; empty: its users know
 */
public record GenericDefinition(
    String format,
    Optional<String> baseLocation,
    Optional<String> doc,
    Map<String, String> properties) {
  private static final String FORMAT = "format";
  private static final String BASE_LOCATION = "base-location";
  private static final String DOC = "doc";
  private static final String PROPERTY = "property.";

  public GenericDefinition {
    properties = Map.copyOf(properties);
    if (format.isBlank()) {
      throw new PolderException(ErrorCode.INVALID_PARAMETER, "the format of the table is missing");
    }
  }

  /** As {@link #metadata} keeps it. */
  public static GenericDefinition of(Map<String, String> kept) {
    Map<String, String> properties = new HashMap<>();
    kept.forEach((key, value) -> {
      if (key.startsWith(PROPERTY)) {
        properties.put(key.substring(PROPERTY.length()), value);
      }
    });
    return new GenericDefinition(
        kept.getOrDefault(FORMAT, "unknown"),
        Optional.ofNullable(kept.get(BASE_LOCATION)),
        Optional.ofNullable(kept.get(DOC)),
        properties);
  }

  public ViewMetadata metadata(UUID uuid, String location) {
    Map<String, String> kept = new HashMap<>();
    kept.put(FORMAT, format);
    baseLocation.ifPresent(text -> kept.put(BASE_LOCATION, text));
    doc.ifPresent(text -> kept.put(DOC, text));
    properties.forEach((key, value) -> kept.put(PROPERTY + key, value));
    return ViewMetadata.builder()
        .assignUUID(uuid.toString())
        .setLocation(location)
        .setProperties(kept)
        .setCurrentVersion(
            ImmutableViewVersion.builder()
                .versionId(1)
                .timestampMillis(System.currentTimeMillis())
                .schemaId(0)
                .defaultNamespace(Namespace.of("main"))
                .build(),
            new Schema())
        .build();
  }
}
