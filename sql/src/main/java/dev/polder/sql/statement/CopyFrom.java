package dev.polder.sql.statement;

import java.util.List;

/** COPY table FROM 'file'; the file's name is as written. */
public record CopyFrom(
    SqlText text, ObjectName target, List<String> columns, String file, List<CopyOption> options)
    implements DataStatement {}
