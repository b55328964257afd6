package dev.polder.sql.statement;

import java.util.Optional;

/**
 * SHOW name.
 *
 * @param name lower-cased; empty for {@code SHOW ALL}
 */
public record ShowSetting(SqlText text, Optional<String> name) implements SessionStatement {}
