package dev.polder.policy;

import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import java.util.Optional;

/**
 * A condition that a row must meet to exist for the principal who asks. Its expression is the SQL
 * text as stored; the tokens of {@link PolicyContext} in it are replaced by typed constants before
 * it is bound. Immutable.
 *
 * @param author with whose grants its subqueries read; empty when nobody made it
 */
public record RowFilter(
    PolicyId id, String name, String expression, Optional<PrincipalId> author) {}
