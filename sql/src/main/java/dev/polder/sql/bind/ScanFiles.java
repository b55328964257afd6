package dev.polder.sql.bind;

import dev.polder.duck.scan.FileGroup;
import dev.polder.duck.scan.ScanFile;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.lake.plan.SchemaMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Groups a plan's files by how their columns are found. Stateless. */
public final class ScanFiles {
  private ScanFiles() {}

  private record Way(SchemaMapping mapping, Map<Integer, String> constants) {}

  /** The files in groups that are read alike. */
  public static List<FileGroup> groups(
      List<PlannedFile> files, Schema schema, ReadableFiles readable) {
    Map<Way, List<ScanFile>> byWay = new LinkedHashMap<>();
    for (PlannedFile file : files) {
      byWay
          .computeIfAbsent(
              new Way(file.mapping(), constants(file, schema)), way -> new ArrayList<>())
          .add(
              new ScanFile(
                  readable.path(file.path(), file.fileSize()),
                  file.index(),
                  file.recordCount(),
                  file.deletes().isPresent()));
    }
    List<FileGroup> groups = new ArrayList<>();
    byWay.forEach((way, members) -> groups.add(group(way, members)));
    return groups;
  }

  private static FileGroup group(Way way, List<ScanFile> files) {
    return switch (way.mapping()) {
      case SchemaMapping.ByName byName -> new FileGroup(files, true, way.constants(), Map.of());
      case SchemaMapping.ById byId -> new FileGroup(files, false, way.constants(), Map.of());
      case SchemaMapping.ByFileName byFileName ->
          new FileGroup(files, true, way.constants(), byFileName.names());
    };
  }

  /** What stands for the top-level columns that a file does not hold. */
  private static Map<Integer, String> constants(PlannedFile file, Schema schema) {
    Set<Integer> missing =
        switch (file.mapping()) {
          case SchemaMapping.ByName(var ids) -> ids;
          case SchemaMapping.ById(var ids) -> ids;
          case SchemaMapping.ByFileName(var names, var ids) -> ids;
        };
    if (missing.isEmpty()) {
      return Map.of();
    }
    Map<Integer, String> constants = new HashMap<>();
    for (Types.NestedField field : schema.columns()) {
      if (missing.contains(field.fieldId())) {
        @Nullable Object value =
            file.constants().containsKey(field.fieldId())
                ? file.constants().get(field.fieldId())
                : field.initialDefault();
        constants.put(field.fieldId(), Literals.sql(value, field.type()));
      }
    }
    return constants;
  }
}
