package dev.polder.engine.internal.catalog;

import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;

/** Refusals, which begin with the sentences that clients of Iceberg know. Stateless. */
final class Sentences {
  private Sentences() {}

  static PolderException noTable(Object name) {
    return new PolderException(ErrorCode.COLLECTION_NOT_FOUND, "Table does not exist: " + name);
  }

  static PolderException noView(Object name) {
    return new PolderException(ErrorCode.VIEW_NOT_FOUND, "View does not exist: " + name);
  }

  static PolderException none(CollectionKind kind, Object name) {
    return switch (kind) {
      case TABLE -> noTable(name);
      case VIEW -> noView(name);
      case GENERIC ->
          new PolderException(
              ErrorCode.COLLECTION_NOT_FOUND, "Generic table does not exist: " + name);
    };
  }

  static PolderException noNamespace(SchemaName name) {
    return new PolderException(ErrorCode.SCHEMA_NOT_FOUND, "Namespace does not exist: " + name);
  }

  static PolderException namespaceExists(SchemaName name) {
    return new PolderException(ErrorCode.SCHEMA_EXISTS, "Namespace already exists: " + name);
  }

  static PolderException notEmpty(SchemaName name, PolderException e) {
    return new PolderException(
        ErrorCode.SCHEMA_NOT_EMPTY, "Namespace " + name + " is not empty: " + e.getMessage(), e);
  }

  /**
   * A name is taken.
   *
   * @param has what has it
   * @param wants what wants it
   */
  static PolderException exists(CollectionKind has, CollectionKind wants, TableRef ref) {
    return new PolderException(
        ErrorCode.COLLECTION_EXISTS,
        word(has)
            + (has == wants ? " already exists: " : " with same name already exists: ")
            + ref);
  }

  static PolderException cannotRename(Object from, Object to, CollectionKind has) {
    return new PolderException(
        ErrorCode.COLLECTION_EXISTS,
        "Cannot rename " + from + " to " + to + ". " + word(has) + " already exists");
  }

  private static String word(CollectionKind kind) {
    return switch (kind) {
      case TABLE -> "Table";
      case VIEW -> "View";
      case GENERIC -> "Generic table";
    };
  }

  /** What Iceberg's own classes refuse, in their words. */
  static PolderException invalid(RuntimeException e) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, String.valueOf(e.getMessage()), e);
  }
}
