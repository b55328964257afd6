package dev.polder.sql.analyse;

import java.util.Optional;

/**
 * One call.
 *
 * @param name lower-cased
 * @param schema lower-cased, or empty
 */
public record FunctionReference(
    String name, String schema, FunctionKind kind, Optional<Span> span) {}
