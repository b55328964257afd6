package dev.polder.engine.internal.define;

import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.TableDefinition;
import dev.polder.lake.type.DuckTypeParser;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.ColumnDefinition;
import dev.polder.sql.statement.PartitionField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Iceberg's schema, partition spec and properties from what a statement says. Stateless. */
public final class TableDefinitions {
  private static final int MAX_COLUMNS = 5_000;
  private static final int DEFAULT_FORMAT_VERSION = 2;
  private static final String FORMAT_VERSION = "format-version";
  private static final String TARGET_FILE_SIZE = "write.target-file-size-bytes";
  private static final Pattern FILE_SIZE = Pattern.compile("[1-9][0-9]{6,10}");
  private static final Set<String> RESERVED =
      Set.of(
          "gc.enabled",
          "location",
          "uuid",
          "write.data.path",
          "write.metadata.path",
          "write.folder-storage.path",
          "write.location-provider.impl",
          "write.object-storage.enabled",
          "write.object-storage.path",
          "write.metadata.delete-after-commit.enabled");
  private static final Map<String, Set<String>> CHOICES =
      Map.of(
          "write.delete.mode", Set.of("copy-on-write", "merge-on-read"),
          "write.update.mode", Set.of("copy-on-write", "merge-on-read"),
          "write.merge.mode", Set.of("copy-on-write", "merge-on-read"),
          "write.format.default", Set.of("parquet"));

  private TableDefinitions() {}

  /** A column with the type that it has in Iceberg. */
  public record Column(
      String name,
      String duckType,
      boolean required,
      Optional<String> defaultText,
      Optional<String> comment) {
    static Column of(ColumnDefinition definition) {
      return new Column(
          definition.name(),
          definition.type().toString(),
          definition.notNull(),
          definition.defaultValue().map(Object::toString),
          definition.comment());
    }
  }

  /** The definition of a new table. */
  public static TableDefinition of(
      StatementContext context,
      List<Column> columns,
      List<PartitionField> partitioning,
      Map<String, String> properties,
      Optional<String> comment) {
    if (columns.size() > MAX_COLUMNS) {
      throw new PolderException(
          ErrorCode.TOO_MANY_COLUMNS,
          "a table may have " + MAX_COLUMNS + " columns, not " + columns.size());
    }
    Map<String, String> all = new HashMap<>(properties);
    int formatVersion = formatVersion(all.remove(FORMAT_VERSION));
    checkProperties(all);
    comment.ifPresent(text -> all.put("comment", text));
    Schema schema = schema(context, columns, formatVersion);
    return new TableDefinition(
        schema, spec(schema, partitioning), SortOrder.unsorted(), all, formatVersion);
  }

  private static int formatVersion(@Nullable String value) {
    return switch (value) {
      case null -> DEFAULT_FORMAT_VERSION;
      case "2" -> 2;
      case "3" -> 3;
      default ->
          throw new PolderException(
              ErrorCode.INVALID_PARAMETER, "format-version is 2 or 3, not " + value);
    };
  }

  /** Refuses properties that would move a table's files or let others delete them. */
  static void checkProperties(Map<String, String> properties) {
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (RESERVED.contains(property.getKey())) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "property " + property.getKey() + " is the server's own and cannot be set");
      }
      if (property.getKey().equals(TARGET_FILE_SIZE)
          && !property.getValue().isEmpty()
          && !FILE_SIZE.matcher(property.getValue()).matches()) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            TARGET_FILE_SIZE + " is a number of bytes from 1000000 to 99999999999");
      }
      Set<String> choices = CHOICES.get(property.getKey());
      if (choices != null && !choices.contains(property.getValue())) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            property.getKey() + " is one of " + String.join(", ", choices));
      }
    }
  }

  private static Schema schema(StatementContext context, List<Column> columns, int formatVersion) {
    List<Types.NestedField> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int nested = columns.size() + 1;
    int id = 1;
    for (Column column : columns) {
      if (!names.add(column.name().toLowerCase(Locale.ROOT))) {
        throw new PolderException(
            ErrorCode.COLUMN_EXISTS, "column " + column.name() + " is there twice");
      }
      dev.polder.model.TableRef.of("main", column.name());
      DuckTypeParser parser =
          new DuckTypeParser(
              column.duckType(),
              formatVersion,
              nested,
              note -> context.notice("TYPE_WIDENED", "column " + column.name() + ": " + note));
      Type type = parser.parse();
      nested = parser.nextId();
      Types.NestedField.Builder field =
          Types.NestedField.builder()
              .withId(id++)
              .withName(column.name())
              .ofType(type)
              .isOptional(!column.required())
              .withDoc(column.comment().orElse(null));
      column
          .defaultText()
          .ifPresent(text -> field.withWriteDefault(defaultValue(context, text, type)));
      fields.add(field.build());
    }
    return new Schema(fields);
  }

  /** The value of a DEFAULT, a constant expression, as Iceberg holds it. */
  static Literal<?> defaultValue(StatementContext context, String expression, Type type) {
    return DefaultValues.literal(context, expression, type);
  }

  static PartitionSpec spec(Schema schema, List<PartitionField> partitioning) {
    PartitionSpec.Builder builder = PartitionSpec.builderFor(schema);
    for (PartitionField field : partitioning) {
      String column = column(schema, field.column());
      int argument = field.argument().orElse(0);
      try {
        switch (field.transform()) {
          case IDENTITY -> builder.identity(column);
          case BUCKET -> builder.bucket(column, argument);
          case TRUNCATE -> builder.truncate(column, argument);
          case YEAR -> builder.year(column);
          case MONTH -> builder.month(column);
          case DAY -> builder.day(column);
          case HOUR -> builder.hour(column);
          case VOID -> builder.alwaysNull(column);
        }
      } catch (IllegalArgumentException e) {
        throw cannotPartition(field, e);
      }
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException | org.apache.iceberg.exceptions.ValidationException e) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "the table cannot be partitioned so: " + e.getMessage(), e);
    }
  }

  private static PolderException cannotPartition(PartitionField field, RuntimeException e) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "cannot partition by "
            + field.transform().name().toLowerCase(Locale.ROOT)
            + " of "
            + String.join(".", field.column())
            + ": "
            + e.getMessage(),
        e);
  }

  /** The dotted name of a column as the schema writes it, found without regard to case. */
  static String column(Schema schema, List<String> path) {
    String written = String.join(".", path);
    Types.NestedField field = schema.caseInsensitiveFindField(written);
    if (field == null) {
      throw new PolderException(
          ErrorCode.COLUMN_NOT_FOUND, "column " + written + " does not exist in the table");
    }
    return schema.findColumnName(field.fieldId());
  }
}
