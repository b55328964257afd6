package dev.polder.sql.statement;

import java.util.Optional;

/**
 * RESET name.
 *
 * @param name lower-cased; empty for {@code RESET ALL}
 */
public record ResetSetting(SqlText text, Optional<String> name) implements SessionStatement {}
