package dev.polder.sql.authorise;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TimeTravel;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import dev.polder.sql.catalog.MetadataRelation;
import dev.polder.sql.statement.ObjectName;
import java.util.Locale;
import java.util.Optional;

/**
 * Says what a name means: the one place where names of tables and views are resolved. A name of
 * another database, and one that exists nowhere, answer alike. Stateless.
 */
public final class NameResolver {
  private NameResolver() {}

  /** What a name stands for. */
  public sealed interface Named {
    record Collection(LakeCollection entry) implements Named {}

    record Metadata(MetadataRelation relation) implements Named {}
  }

  /** Finds what a name in a query means, if anything. */
  public static Optional<Named> find(ObjectName name, Scope scope, Optional<TimeTravel> at) {
    Optional<TableRef> ref = tableRef(name, scope);
    if (ref.isEmpty()) {
      return Optional.empty();
    }
    String schema = ref.get().schema().value().toLowerCase(Locale.ROOT);
    if (MetadataRelation.isMetadataSchema(schema)) {
      return MetadataRelation.find(schema, ref.get().key()).map(Named.Metadata::new);
    }
    Optional<Named> collection = scope.reader().find(ref.get(), at).map(Named.Collection::new);
    if (collection.isPresent() || name.parts().size() > 1) {
      return collection;
    }
    return MetadataRelation.find(MetadataRelation.PG_CATALOG, ref.get().key())
        .map(Named.Metadata::new);
  }

  /**
   * Schema and name that a written name means; empty when its database is not the bound one or it
   * cannot be a name at all.
   */
  public static Optional<TableRef> tableRef(ObjectName name, Scope scope) {
    int size = name.parts().size();
    if (size == 3 && !name.parts().getFirst().equalsIgnoreCase(scope.database().value())) {
      return Optional.empty();
    }
    try {
      SchemaName schema = size == 1 ? scope.schema() : new SchemaName(name.parts().get(size - 2));
      return Optional.of(new TableRef(schema, name.last()));
    } catch (PolderException e) {
      if (e.code() == ErrorCode.INVALID_NAME) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The answer for a name that means nothing here. */
  public static PolderException notFound(ObjectName name, int position) {
    return new PolderException(
        ErrorCode.COLLECTION_NOT_FOUND,
        "table or view " + shown(name) + " does not exist; SHOW TABLES lists what there is",
        position,
        null);
  }

  private static String shown(ObjectName name) {
    String text = name.toString();
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }
}
