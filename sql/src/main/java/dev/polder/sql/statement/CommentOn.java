package dev.polder.sql.statement;

import java.util.List;
import java.util.Optional;

/**
 * COMMENT ON TABLE, VIEW or COLUMN.
 *
 * @param column path of the column; empty when the comment is the table's
 * @param comment empty for {@code IS NULL}: the comment is removed
 */
public record CommentOn(
    SqlText text, ObjectName name, List<String> column, Optional<String> comment)
    implements DefinitionStatement {}
