package dev.polder.sql.statement;

import java.util.List;

/**
 * CREATE VIEW.
 *
 * @param columns new names for the query's columns; empty when none are given
 */
public record CreateView(
    SqlText text,
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    List<String> columns,
    SqlText query)
    implements DefinitionStatement {}
