package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import java.util.Map;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.view.ViewMetadata;

/** One entry of a transaction's journal. Immutable. */
sealed interface Step {
  record Change(CollectionId id, TableChange change) implements Step {}

  record CreateTable(LakeCollection table, TableMetadata metadata) implements Step {}

  record CreateView(LakeCollection view, ViewMetadata metadata) implements Step {}

  record ReplaceView(LakeCollection view, ViewMetadata metadata) implements Step {}

  record Drop(LakeCollection collection) implements Step {}

  record Rename(LakeCollection collection, SchemaId schema, TableRef to) implements Step {}

  record CreateSchema(SchemaId id, SchemaName name, Map<String, String> properties)
      implements Step {}

  record DropSchema(SchemaId id, SchemaName name) implements Step {}
}
