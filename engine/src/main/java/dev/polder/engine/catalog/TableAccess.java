package dev.polder.engine.catalog;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.rest.credentials.Credential;

/**
 * How an engine gets at a table's files: what the answer to its load says beside the metadata.
 * Immutable.
 *
 * @param credentials keys and what they are for; none where the server signs
 * @param version changes when the engine must hear of it anew; no secret
 */
public record TableAccess(
    Map<String, String> config, List<Credential> credentials, String version) {
  /** The engine reaches the files by itself, or not at all. */
  public static final TableAccess NONE = new TableAccess(Map.of(), List.of(), "");

  public TableAccess {
    config = Map.copyOf(config);
    credentials = List.copyOf(credentials);
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "access " + version;
  }
}
