package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.statement.PartitionField;
import dev.polder.sql.statement.PartitionField.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Partition transforms: {@code PARTITIONED BY (region, bucket(16, id), day(ts))}. */
final class PartitionGrammar {
  private final Cursor cursor;

  PartitionGrammar(Cursor cursor) {
    this.cursor = cursor;
  }

  List<PartitionField> fields() {
    cursor.expect("(");
    List<PartitionField> fields = new ArrayList<>();
    do {
      fields.add(field());
    } while (cursor.accept(","));
    cursor.expect(")");
    return fields;
  }

  PartitionField field() {
    if (!cursor.is(1, "(")) {
      return new PartitionField(Transform.IDENTITY, cursor.path("a column"), OptionalInt.empty());
    }
    Transform transform =
        switch (cursor.word(0)) {
          case "IDENTITY" -> Transform.IDENTITY;
          case "BUCKET" -> Transform.BUCKET;
          case "TRUNCATE" -> Transform.TRUNCATE;
          case "YEAR", "YEARS" -> Transform.YEAR;
          case "MONTH", "MONTHS" -> Transform.MONTH;
          case "DAY", "DAYS" -> Transform.DAY;
          case "HOUR", "HOURS" -> Transform.HOUR;
          case "VOID" -> Transform.VOID;
          default ->
              throw cursor.unexpected(
                  "a transform: identity, bucket, truncate, year, month, day, hour or void");
        };
    cursor.next();
    cursor.expect("(");
    PartitionField field =
        transform == Transform.BUCKET || transform == Transform.TRUNCATE
            ? withArgument(transform)
            : new PartitionField(transform, cursor.path("a column"), OptionalInt.empty());
    cursor.expect(")");
    return field;
  }

  /** The number comes first, as in Spark, or last, as in Trino. */
  private PartitionField withArgument(Transform transform) {
    if (cursor.atName()) {
      List<String> column = cursor.path("a column");
      cursor.expect(",");
      return new PartitionField(transform, column, OptionalInt.of(positive()));
    }
    int argument = positive();
    cursor.expect(",");
    return new PartitionField(transform, cursor.path("a column"), OptionalInt.of(argument));
  }

  private int positive() {
    int start = cursor.token(0).start();
    int number = cursor.integer("a positive number");
    if (number < 1) {
      throw cursor.error(ErrorCode.SYNTAX_ERROR, "expected a positive number", start);
    }
    return number;
  }
}
