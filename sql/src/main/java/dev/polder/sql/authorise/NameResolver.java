package dev.polder.sql.authorise;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TimeTravel;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import dev.polder.sql.catalog.MetadataRelation;
import dev.polder.sql.statement.ObjectName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says what a name means: the one place where names of tables and views are resolved. A name of
 * another database, and one that exists nowhere, answer alike. Stateless.
 *
 * <p>The first part of a name of two or three parts is the alias of a source if the space has one
 * of that name, else a schema or the bound database. {@code alias.table} is in the source's default
 * schema. Where a session's place is a schema of a source, a name of one part is in it, and of two
 * parts that do not begin with an alias the first is a schema of that source.
 */
public final class NameResolver {
  private NameResolver() {}

  /** What a name stands for. */
  public sealed interface Named {
    record Collection(LakeCollection entry) implements Named {}

    record Metadata(MetadataRelation relation) implements Named {}

    /** A table of a source, which may not exist: that is told only to who may know. */
    record Remote(AttachedSource source, String schema, String table) implements Named {}
  }

  /** Finds what a name in a query means, if anything. */
  public static Optional<Named> find(ObjectName name, Scope scope, Optional<TimeTravel> at) {
    Optional<Named> remote = remote(name, scope);
    if (remote.isPresent()) {
      return remote;
    }
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

  private static Optional<Named> remote(ObjectName name, Scope scope) {
    List<String> parts = name.parts();
    if (parts.size() > 1) {
      Optional<AttachedSource> source = scope.sources().find(parts.getFirst());
      if (source.isPresent()) {
        AttachedSource found = source.get();
        String schema = parts.size() == 2 ? found.defaultSchema() : parts.get(1);
        return Optional.of(new Named.Remote(found, schema, name.last()));
      }
    }
    if (scope.place().isEmpty() || parts.size() > 2 || isMetadata(parts)) {
      return Optional.empty();
    }
    SourcePlace place = scope.place().get();
    String schema = parts.size() == 2 ? parts.getFirst() : place.schema();
    return scope
        .sources()
        .find(place.alias())
        .map(source -> new Named.Remote(source, schema, name.last()));
  }

  /** Relations of {@code pg_catalog} are found without its name, as everywhere. */
  private static boolean isMetadata(List<String> parts) {
    return parts.size() == 2
        ? MetadataRelation.isMetadataSchema(parts.getFirst().toLowerCase(Locale.ROOT))
        : MetadataRelation.find(
                MetadataRelation.PG_CATALOG, parts.getFirst().toLowerCase(Locale.ROOT))
            .isPresent();
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
