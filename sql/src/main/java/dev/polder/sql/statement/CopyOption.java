package dev.polder.sql.statement;

import java.util.Optional;

/** One option of COPY, such as {@code FORMAT csv}; the name is lower-cased, the value is text. */
public record CopyOption(String name, Optional<SqlText> value) {}
