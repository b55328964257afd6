package dev.polder.engine.source;

import java.util.Map;
import java.util.Optional;

/**
 * What somebody wants a source to be; what is not said is as by default, or stays as it is. Prints
 * neither SQL nor properties.
 *
 * @param clearDescription the description is to be gone
 */
public record SourceInput(
    Optional<String> description,
    boolean clearDescription,
    Optional<String> setupSql,
    Optional<String> connector,
    Optional<Map<String, String>> properties,
    Optional<Boolean> readOnly,
    Optional<Boolean> disabled,
    Optional<Boolean> allowInlineSecrets,
    Optional<String> onStartFailure,
    Optional<String> extensionDirectory) {
  @Override
  public String toString() {
    return "what a source is to be";
  }
}
