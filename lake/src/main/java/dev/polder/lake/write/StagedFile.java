package dev.polder.lake.write;

import java.nio.file.Path;

/**
 * A complete data file outside the warehouse, to be published into a table's directory.
 *
 * @param name name of the published file below {@code data/}, partition directories included; must
 *     be new
 */
public record StagedFile(Path path, String name) {}
