package dev.polder.engine.internal.result;

import dev.polder.engine.Result;
import dev.polder.model.Notice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** A small result made of Java values: what SHOW and administrative statements answer. */
public final class JavaRows implements Result.Rows {
  /** The types that such results need. */
  public enum ColumnType {
    VARCHAR("VARCHAR"),
    BIGINT("BIGINT"),
    BOOLEAN("BOOLEAN"),
    /** Values are microseconds since the epoch. */
    TIMESTAMPTZ("TIMESTAMP WITH TIME ZONE");

    private final String sql;

    ColumnType(String sql) {
      this.sql = sql;
    }

    private ArrowType arrow() {
      return switch (this) {
        case VARCHAR -> new ArrowType.Utf8();
        case BIGINT -> new ArrowType.Int(64, true);
        case BOOLEAN -> new ArrowType.Bool();
        case TIMESTAMPTZ -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
      };
    }
  }

  /** Name and type of a column. */
  public record Header(String name, ColumnType type) {}

  private final List<Column> columns;
  private final BufferAllocator allocator;
  private final VectorSchemaRoot root;
  private final List<Notice> notices;
  private boolean consumed;

  /**
   * @param parent lends the memory; a child of it lives until {@link #close}
   * @param rows String, Long, Boolean or null, as the headers say
   */
  public JavaRows(
      BufferAllocator parent,
      List<Header> headers,
      List<? extends List<? extends @Nullable Object>> rows,
      List<Notice> notices) {
    this.columns =
        headers.stream().map(header -> new Column(header.name(), header.type().sql)).toList();
    this.notices = List.copyOf(notices);
    this.allocator = parent.newChildAllocator("rows", 0, Long.MAX_VALUE);
    List<Field> fields = new ArrayList<>();
    for (Header header : headers) {
      fields.add(Field.nullable(header.name(), header.type().arrow()));
    }
    this.root = VectorSchemaRoot.create(new Schema(fields), allocator);
    root.allocateNew();
    for (int column = 0; column < headers.size(); column++) {
      FieldVector vector = root.getVector(column);
      for (int row = 0; row < rows.size(); row++) {
        set(vector, row, rows.get(row).get(column));
      }
    }
    root.setRowCount(rows.size());
  }

  private static void set(FieldVector vector, int row, @Nullable Object value) {
    if (value == null) {
      vector.setNull(row);
      return;
    }
    switch (vector) {
      case VarCharVector text ->
          text.setSafe(row, value.toString().getBytes(StandardCharsets.UTF_8));
      case BigIntVector number -> number.setSafe(row, ((Number) value).longValue());
      case BitVector flag -> flag.setSafe(row, (Boolean) value ? 1 : 0);
      case TimeStampMicroTZVector time -> time.setSafe(row, ((Number) value).longValue());
      default -> throw new IllegalStateException("no rows of " + vector.getClass());
    }
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public Schema schema() {
    return root.getSchema();
  }

  @Override
  public VectorSchemaRoot root() {
    return root;
  }

  @Override
  public boolean next() {
    boolean first = !consumed;
    consumed = true;
    return first && root.getRowCount() > 0;
  }

  @Override
  public List<Notice> notices() {
    return notices;
  }

  @Override
  public void close() {
    root.close();
    allocator.close();
  }
}
