package dev.polder.engine.internal.catalog;

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
    return new PolderException(ErrorCode.COLLECTION_NOT_FOUND, "View does not exist: " + name);
  }

  static PolderException none(boolean view, Object name) {
    return view ? noView(name) : noTable(name);
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
   * @param isView what has it
   * @param wantsView what wants it
   */
  static PolderException exists(boolean isView, boolean wantsView, TableRef ref) {
    String kind = isView ? "View" : "Table";
    return new PolderException(
        ErrorCode.COLLECTION_EXISTS,
        kind
            + (isView == wantsView ? " already exists: " : " with same name already exists: ")
            + ref);
  }

  static PolderException cannotRename(Object from, Object to, boolean toView) {
    return new PolderException(
        ErrorCode.COLLECTION_EXISTS,
        "Cannot rename "
            + from
            + " to "
            + to
            + ". "
            + (toView ? "View" : "Table")
            + " already exists");
  }

  /** What Iceberg's own classes refuse, in their words. */
  static PolderException invalid(RuntimeException e) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, String.valueOf(e.getMessage()), e);
  }
}
