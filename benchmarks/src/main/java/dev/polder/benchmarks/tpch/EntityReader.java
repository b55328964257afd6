package dev.polder.benchmarks.tpch;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The generator's rows of one table as Arrow batches. Money and quantities are {@code
 * DECIMAL(15,2)}, keys {@code BIGINT}. Used by one thread.
 */
final class EntityReader<E extends TpchEntity> extends ArrowReader {
  private static final int BATCH_ROWS = 32_768;

  private final List<TpchColumn<E>> columns;
  private final Iterator<E> rows;
  private long read;

  EntityReader(TpchTable<E> table, double scaleFactor, BufferAllocator allocator) {
    super(allocator);
    this.columns = table.getColumns();
    this.rows = table.createGenerator(scaleFactor, 1, 1).iterator();
  }

  long rowsRead() {
    return read;
  }

  @Override
  public boolean loadNextBatch() throws java.io.IOException {
    VectorSchemaRoot root = getVectorSchemaRoot();
    // The reader of the last batch may still hold its buffers: each batch gets its own.
    root.clear();
    for (FieldVector vector : root.getFieldVectors()) {
      vector.setInitialCapacity(BATCH_ROWS);
      vector.allocateNew();
    }
    int row = 0;
    while (row < BATCH_ROWS && rows.hasNext()) {
      E entity = rows.next();
      for (int i = 0; i < columns.size(); i++) {
        set(root.getVector(i), row, columns.get(i), entity);
      }
      row++;
    }
    root.setRowCount(row);
    read += row;
    return row > 0;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {}

  @Override
  protected Schema readSchema() {
    List<Field> fields = new ArrayList<>();
    for (TpchColumn<E> column : columns) {
      fields.add(new Field(column.getColumnName(), FieldType.nullable(type(column)), List.of()));
    }
    return new Schema(fields);
  }

  private static ArrowType type(TpchColumn<?> column) {
    return switch (column.getType().getBase()) {
      case INTEGER -> new ArrowType.Int(32, true);
      case IDENTIFIER -> new ArrowType.Int(64, true);
      case DATE -> new ArrowType.Date(DateUnit.DAY);
      case DOUBLE -> new ArrowType.Decimal(15, 2, 128);
      case VARCHAR -> new ArrowType.Utf8();
    };
  }

  private static <E extends TpchEntity> void set(
      FieldVector vector, int row, TpchColumn<E> column, E entity) {
    switch (vector) {
      case IntVector integers -> integers.setSafe(row, column.getInteger(entity));
      case BigIntVector longs -> longs.setSafe(row, column.getIdentifier(entity));
      case DateDayVector days -> days.setSafe(row, column.getDate(entity));
      case DecimalVector decimals ->
          decimals.setSafe(row, BigDecimal.valueOf(Math.round(column.getDouble(entity) * 100), 2));
      case VarCharVector texts ->
          texts.setSafe(row, column.getString(entity).getBytes(StandardCharsets.UTF_8));
      default -> throw new IllegalStateException("unexpected vector " + vector.getField());
    }
  }
}
