package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import java.util.List;
import java.util.Optional;

/**
 * The FROM and WHERE of one SELECT, translated.
 *
 * @param translator of expressions over the rows
 */
record Block(
    JsonNode select,
    BlockScope scope,
    Optional<RemoteFrom> from,
    List<RemoteExpression> where,
    Translator translator) {}
