package dev.polder.lake.write;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.util.SerializableFunction;

/**
 * How one partition value comes from a row: in words, for writers that can say it in their own
 * language, and as a function over Iceberg's internal values (days, microseconds …; NULL gives
 * NULL). Immutable and thread-safe.
 *
 * @param width number of buckets or length of truncation; 0 for the other kinds
 */
public record PartitionExpression(
    int fieldId,
    String name,
    int sourceFieldId,
    String sourceName,
    Type sourceType,
    Type resultType,
    Kind kind,
    int width,
    UnaryOperator<Object> function) {
  private static final Pattern TRANSFORM = Pattern.compile("(\\w+)(?:\\[(\\d+)])?");

  /** The transforms. */
  public enum Kind {
    IDENTITY,
    BUCKET,
    TRUNCATE,
    YEAR,
    MONTH,
    DAY,
    HOUR,
    VOID
  }

  /** One for each field of the spec, in its order. */
  public static List<PartitionExpression> of(PartitionSpec spec, Schema schema) {
    List<PartitionExpression> expressions = new ArrayList<>();
    for (PartitionField field : spec.fields()) {
      Type source = schema.findType(field.sourceId());
      Matcher matcher = TRANSFORM.matcher(field.transform().toString());
      if (source == null || !matcher.matches()) {
        throw new IllegalArgumentException("partition field " + field);
      }
      expressions.add(
          new PartitionExpression(
              field.fieldId(),
              field.name(),
              field.sourceId(),
              schema.findColumnName(field.sourceId()),
              source,
              field.transform().getResultType(source),
              kind(matcher.group(1)),
              matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)),
              function(field.transform(), source)));
    }
    return List.copyOf(expressions);
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "identity" -> Kind.IDENTITY;
      case "bucket" -> Kind.BUCKET;
      case "truncate" -> Kind.TRUNCATE;
      case "year" -> Kind.YEAR;
      case "month" -> Kind.MONTH;
      case "day" -> Kind.DAY;
      case "hour" -> Kind.HOUR;
      case "void" -> Kind.VOID;
      default -> throw new IllegalArgumentException("partition transform " + name);
    };
  }

  @SuppressWarnings("unchecked")
  private static <S, T> UnaryOperator<Object> function(Transform<S, T> transform, Type source) {
    SerializableFunction<S, T> bound = transform.bind(source);
    return value -> bound.apply((S) value);
  }
}
