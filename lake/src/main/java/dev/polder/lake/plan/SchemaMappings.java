package dev.polder.lake.plan;

import dev.polder.lake.TableState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Decides for each file of one table state how its columns are found. As long as no schema of the
 * table differs in a name or type that is read, every file is read by name and none is opened.
 */
final class SchemaMappings {
  private final FileSchemas files;
  private final Schema schema;
  private final @Nullable NameMapping names;
  private final boolean uniform;

  SchemaMappings(FileSchemas files, TableState table) {
    this.files = files;
    this.schema = table.schema();
    String json = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    this.names = json == null ? null : NameMappingParser.fromJson(json);
    this.uniform = names == null && table.metadata().schemas().stream().allMatch(this::readsAlike);
  }

  private boolean readsAlike(Schema other) {
    for (Types.NestedField field : schema.columns()) {
      Types.NestedField same = other.asStruct().field(field.fieldId());
      if (same == null || !same.name().equals(field.name()) || !alike(field.type(), same.type())) {
        return false;
      }
    }
    return true;
  }

  /** Reads ahead what {@link #of} needs. */
  void prepare(List<DataFile> chosen) {
    if (!uniform) {
      files.load(chosen);
    }
  }

  SchemaMapping of(DataFile file) {
    if (uniform) {
      return SchemaMapping.ByName.COMPLETE;
    }
    FileSchemas.FileSchema written = files.of(file);
    return written.hasIds() ? byId(written.schema()) : byFileName(written.schema());
  }

  private SchemaMapping byId(Schema written) {
    Set<Integer> missing = new HashSet<>();
    boolean sameNames = true;
    for (Types.NestedField field : schema.columns()) {
      Types.NestedField own = written.asStruct().field(field.fieldId());
      if (own == null) {
        missing.add(field.fieldId());
        // Another column under this name: what was dropped must not come back.
        sameNames &= written.asStruct().caseInsensitiveField(field.name()) == null;
      } else {
        sameNames &= own.name().equals(field.name()) && alike(field.type(), own.type());
      }
    }
    return sameNames ? new SchemaMapping.ByName(missing) : new SchemaMapping.ById(missing);
  }

  private SchemaMapping byFileName(Schema written) {
    Map<Integer, String> found = new HashMap<>();
    Set<Integer> missing = new HashSet<>();
    for (Types.NestedField field : schema.columns()) {
      String name = fileName(field, written);
      if (name == null) {
        missing.add(field.fieldId());
      } else {
        found.put(field.fieldId(), name);
      }
    }
    return new SchemaMapping.ByFileName(found, missing);
  }

  private @Nullable String fileName(Types.NestedField field, Schema written) {
    if (names == null) {
      return written.asStruct().field(field.name()) == null ? null : field.name();
    }
    MappedField mapped = names.find(field.fieldId());
    if (mapped == null) {
      return null;
    }
    return mapped.names().stream()
        .filter(name -> written.asStruct().field(name) != null)
        .findFirst()
        .orElse(null);
  }

  /** Same kind of value, same fields under the same names; whether NULL is allowed is no matter. */
  static boolean alike(Type left, Type right) {
    if (left.typeId() != right.typeId()) {
      return false;
    }
    if (left.isPrimitiveType()) {
      return left.equals(right);
    }
    if (!left.isNestedType()) {
      return false;
    }
    List<Types.NestedField> fields = left.asNestedType().fields();
    List<Types.NestedField> others = right.asNestedType().fields();
    if (fields.size() != others.size()) {
      return false;
    }
    for (Types.NestedField field : fields) {
      Types.NestedField other = right.asNestedType().field(field.fieldId());
      if (other == null
          || !other.name().equals(field.name())
          || !alike(field.type(), other.type())) {
        return false;
      }
    }
    return true;
  }
}
