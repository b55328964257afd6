package dev.polder.lake.commit;

import dev.polder.lake.Overwrite;
import dev.polder.lake.TableDefinition;
import dev.polder.lake.write.DataFileSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateSchema;

/** One change of a table, in a form that can be applied again to a newer version of it. */
sealed interface TableChange {
  /** Adds rows; commutes with every change of data. */
  record Append(List<DataFileSpec> files) implements TableChange {
    public Append {
      files = List.copyOf(files);
    }
  }

  record Rewrite(Overwrite overwrite) implements TableChange {}

  record AlterSchema(Consumer<UpdateSchema> change) implements TableChange {}

  record AlterSpec(Consumer<UpdatePartitionSpec> change) implements TableChange {}

  record AlterSortOrder(Consumer<ReplaceSortOrder> change) implements TableChange {}

  record AlterProperties(Map<String, String> set, Set<String> removed) implements TableChange {
    public AlterProperties {
      set = Map.copyOf(set);
      removed = Set.copyOf(removed);
    }
  }

  record Replace(TableDefinition definition) implements TableChange {}

  /** Whether data files written after this change depend on how it turned out. */
  default boolean definesLayout() {
    return switch (this) {
      case AlterSchema ignored -> true;
      case AlterSpec ignored -> true;
      case Replace ignored -> true;
      case AlterSortOrder ignored -> true;
      case Append ignored -> false;
      case Rewrite ignored -> false;
      case AlterProperties ignored -> false;
    };
  }

  /** The data files that it adds. */
  default List<DataFileSpec> added() {
    return switch (this) {
      case Append append -> append.files();
      case Rewrite rewrite -> rewrite.overwrite().added();
      case AlterSchema ignored -> List.of();
      case AlterSpec ignored -> List.of();
      case AlterSortOrder ignored -> List.of();
      case AlterProperties ignored -> List.of();
      case Replace ignored -> List.of();
    };
  }

  /** Whether it takes rows away and does nothing else. */
  default boolean onlyDeletes() {
    return this instanceof Rewrite rewrite && rewrite.overwrite().onlyDeletes();
  }

  default boolean writesData() {
    return this instanceof Append || this instanceof Rewrite;
  }
}
