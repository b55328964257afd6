package dev.polder.duck.write;

import org.jspecify.annotations.Nullable;

/**
 * What a file holds in one column.
 *
 * @param valueCount values, NULLs included
 * @param nanCount −1 where the type has none
 * @param min the lower bound as a Java value of the column's type (Boolean, Integer, Long,
 *     BigInteger, Float, Double, BigDecimal, LocalDate, LocalTime, LocalDateTime, OffsetDateTime,
 *     UUID, String, ByteBuffer), or null when there is none or it is not exact
 * @param exact whether both bounds are values of the column; absent bounds are not exact
 */
public record ColumnStats(
    long columnSize,
    long valueCount,
    long nullCount,
    long nanCount,
    @Nullable Object min,
    @Nullable Object max,
    boolean exact) {}
