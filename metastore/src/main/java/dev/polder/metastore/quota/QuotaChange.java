package dev.polder.metastore.quota;

/** A quota as it was before a change, and as it is. Immutable. */
public record QuotaChange(Quota before, Quota after) {}
