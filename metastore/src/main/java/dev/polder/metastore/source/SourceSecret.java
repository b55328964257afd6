package dev.polder.metastore.source;

import dev.polder.model.Secret;
import dev.polder.model.SourceId;
import java.util.Optional;

/**
 * What stands for {@code {{secret.NAME}}} in a source's setup SQL or properties. Exactly one of
 * value and reference is there. Immutable.
 *
 * @param id {@code fsec-} and 32 hexadecimal digits
 * @param sealed the value, encrypted with the server's key
 * @param externalRef where another store keeps it, such as {@code env:NAME}
 */
public record SourceSecret(
    String id,
    SourceId source,
    String name,
    Optional<Secret> sealed,
    Optional<String> externalRef,
    long createdAt,
    long updatedAt) {}
