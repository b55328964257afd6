package dev.polder.lake.commit;

/**
 * What a version does to a table's rows, by its files and not by what its summary says. Immutable.
 *
 * @param addsRows it has data files that the version before had not
 * @param removesRows it lacks data files, or has deletes, that the version before had or had not
 */
public record ContentDifference(boolean addsRows, boolean removesRows) {}
