package dev.polder.sql.statement;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CREATE TABLE … AS query.
 *
 * @param columns new names for the query's columns; empty when none are given
 * @param withData false for {@code WITH NO DATA}: the table is made without rows
 */
public record CreateTableAs(
    SqlText text,
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    List<String> columns,
    List<PartitionField> partitioning,
    Map<String, String> properties,
    Optional<String> comment,
    SqlText query,
    boolean withData)
    implements DefinitionStatement {}
