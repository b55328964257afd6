package dev.polder.lake.plan;

import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/**
 * One data file of a plan. Immutable.
 *
 * @param index the file's place in the plan, from 0
 * @param constants values of identity-partitioned columns by field id, in Iceberg's internal form;
 *     they count only for columns that the file lacks
 * @param dataFile the entry itself, for overwrites
 */
public record PlannedFile(
    int index,
    String path,
    long recordCount,
    long fileSize,
    SchemaMapping mapping,
    Map<Integer, @Nullable Object> constants,
    Optional<RowDeletes> deletes,
    DataFile dataFile) {}
