package dev.polder.sql.statement;

import java.util.List;

/** COPY table or query TO 'file'; the file's name is as written. */
public record CopyTo(SqlText text, CopySource source, String file, List<CopyOption> options)
    implements DataStatement {}
