package dev.polder.federation.secret;

import dev.polder.model.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A secret of a source as it is kept: a value, or where the value is to be found. Immutable.
 *
 * @param value decrypted; null when there is a reference
 * @param externalRef such as {@code vault:secret/data/app#password}; null when there is a value
 */
public record SourceSecret(String name, @Nullable Secret value, @Nullable String externalRef) {
  public static SourceSecret stored(String name, Secret value) {
    return new SourceSecret(name, value, null);
  }

  public static SourceSecret external(String name, String externalRef) {
    return new SourceSecret(name, null, externalRef);
  }
}
