package dev.polder.engine.internal.catalog;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** Namespaces as schemas: the levels of a nested one are joined by dots. */
public final class NamespaceNames {
  private NamespaceNames() {}

  public static SchemaName schema(Namespace namespace) {
    if (namespace.isEmpty()) {
      throw new PolderException(ErrorCode.INVALID_NAME, "the namespace is missing");
    }
    for (String level : namespace.levels()) {
      if (level.isEmpty() || level.contains(".")) {
        throw new PolderException(
            ErrorCode.INVALID_NAME,
            "a level of a namespace is empty or has a dot, which separates levels here: "
                + namespace);
      }
    }
    return new SchemaName(String.join(".", namespace.levels()));
  }

  static Namespace namespace(SchemaName schema) {
    return Namespace.of(schema.levels().toArray(String[]::new));
  }

  static TableRef ref(TableIdentifier name) {
    return new TableRef(schema(name.namespace()), name.name());
  }
}
