package dev.polder.metastore.quota;

/**
 * A budget that cannot be kept: those below it were promised more together than it is. Immutable.
 *
 * @param who whose budget it is, as it is shown
 */
public record Overpromise(String who, QuotaField field, long promised, long limit) {}
