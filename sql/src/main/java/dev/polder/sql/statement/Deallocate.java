package dev.polder.sql.statement;

import java.util.Optional;

/**
 * DEALLOCATE.
 *
 * @param name empty for {@code DEALLOCATE ALL}
 */
public record Deallocate(SqlText text, Optional<String> name) implements SessionStatement {}
