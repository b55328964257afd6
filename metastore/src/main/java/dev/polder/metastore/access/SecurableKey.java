package dev.polder.metastore.access;

import dev.polder.metastore.internal.Json;
import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.Securable;
import dev.polder.model.SourceId;
import dev.polder.model.SpaceKey;
import java.util.OptionalInt;

/**
 * A securable as columns: parts that its kind does not have are empty. A source stands where a
 * schema does, the path in it as JSON where a collection does.
 */
record SecurableKey(
    Kind kind, SpaceKey space, String schema, String collection, OptionalInt fieldId) {
  enum Kind {
    SPACE,
    SCHEMA,
    COLLECTION,
    COLUMN,
    SOURCE
  }

  static SecurableKey of(Securable securable) {
    OptionalInt none = OptionalInt.empty();
    return switch (securable) {
      case Securable.Space it -> new SecurableKey(Kind.SPACE, it.space(), "", "", none);
      case Securable.Schema it ->
          new SecurableKey(Kind.SCHEMA, it.space(), it.schema().value(), "", none);
      case Securable.Collection it ->
          new SecurableKey(
              Kind.COLLECTION, it.space(), it.schema().value(), it.collection().value(), none);
      case Securable.Column it ->
          new SecurableKey(
              Kind.COLUMN,
              it.space(),
              it.schema().value(),
              it.collection().value(),
              OptionalInt.of(it.fieldId()));
      case Securable.Source it ->
          new SecurableKey(
              Kind.SOURCE, it.space(), it.source().value(), Json.writeList(it.path()), none);
    };
  }

  Securable securable() {
    return switch (kind) {
      case SPACE -> new Securable.Space(space);
      case SCHEMA -> new Securable.Schema(space, new SchemaId(schema));
      case COLLECTION ->
          new Securable.Collection(space, new SchemaId(schema), new CollectionId(collection));
      case COLUMN ->
          new Securable.Column(
              space, new SchemaId(schema), new CollectionId(collection), fieldId.orElseThrow());
      case SOURCE -> new Securable.Source(space, new SourceId(schema), Json.readList(collection));
    };
  }
}
