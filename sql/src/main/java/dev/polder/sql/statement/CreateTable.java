package dev.polder.sql.statement;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CREATE TABLE with columns. */
public record CreateTable(
    SqlText text,
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    List<ColumnDefinition> columns,
    List<PartitionField> partitioning,
    Map<String, String> properties,
    Optional<String> comment)
    implements DefinitionStatement {}
