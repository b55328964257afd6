package dev.polder.engine.internal.define;

import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import dev.polder.policy.Access;
import dev.polder.sql.catalog.MetadataRelation;
import dev.polder.sql.statement.ObjectName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The objects that statements change, found by name in the statement's transaction, and the
 * session's rights on them. For one statement.
 */
public final class Targets {
  private final StatementContext context;
  private final Access access;
  private final List<LakeSchema> schemas;

  private Targets(StatementContext context, Access access, List<LakeSchema> schemas) {
    this.context = context;
    this.access = access;
    this.schemas = schemas;
  }

  /** Reads rights and schemas for a statement that has a transaction. */
  public static Targets of(StatementContext context) {
    Access access = context.engine().metastore().read(tx -> Rights.of(tx, context));
    return new Targets(context, access, context.writing().snapshot().schemas());
  }

  public Access access() {
    return access;
  }

  public List<LakeSchema> schemas() {
    return schemas;
  }

  /** Schema and name that a name means, whether or not it exists. */
  public TableRef ref(ObjectName name) {
    requireBound(name, 3);
    int size = name.parts().size();
    SchemaName schema =
        size == 1 ? context.session().schema() : new SchemaName(name.parts().get(size - 2));
    return new TableRef(schema, name.last());
  }

  private void requireBound(ObjectName name, int size) {
    if (name.parts().size() == size
        && !name.parts().getFirst().equalsIgnoreCase(context.session().database().value())) {
      throw new PolderException(
          ErrorCode.COLLECTION_NOT_FOUND,
          name + " does not exist; this session is bound to " + context.session().database());
    }
  }

  /** The name of a schema statement. */
  public SchemaName schemaName(ObjectName name) {
    requireBound(name, 2);
    SchemaName schema = new SchemaName(name.last());
    if (MetadataRelation.isMetadataSchema(schema.key())) {
      throw new PolderException(
          ErrorCode.INVALID_NAME, "schema " + schema + " is the server's own");
    }
    return schema;
  }

  public Optional<LakeSchema> findSchema(SchemaName name) {
    return schemas.stream().filter(schema -> schema.name().equals(name)).findFirst();
  }

  public LakeSchema schema(SchemaName name) {
    return findSchema(name)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.SCHEMA_NOT_FOUND,
                "schema " + name + " does not exist; CREATE SCHEMA makes it"));
  }

  /** Requires the right to create in a schema. */
  public LakeSchema creatable(SchemaName name) {
    if (MetadataRelation.isMetadataSchema(name.key())) {
      throw new PolderException(ErrorCode.ACCESS_DENIED, "schema " + name + " is the server's own");
    }
    LakeSchema schema = schema(name);
    access.onSchema(Privilege.CREATE, schema.id(), name.value()).require();
    return schema;
  }

  public Optional<LakeCollection> find(ObjectName name) {
    return context.writing().snapshot().find(ref(name));
  }

  /**
   * An object on which the session holds a privilege.
   *
   * @throws PolderException COLLECTION_NOT_FOUND, ACCESS_DENIED
   */
  public LakeCollection get(ObjectName name, Privilege privilege) {
    LakeCollection found = find(name).orElseThrow(() -> notFound(name));
    require(found, privilege);
    return found;
  }

  public void require(LakeCollection object, Privilege privilege) {
    access.onCollection(privilege, object.schema(), object.id(), object.ref().toString()).require();
  }

  /** A table, not a view, on which the session holds a privilege. */
  public LakeCollection table(ObjectName name, Privilege privilege) {
    LakeCollection found = get(name, privilege);
    if (!found.isTable()) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE,
          found.ref() + " is a " + found.kind().word() + "; this statement is for tables");
    }
    context.trail().names(found.ref().toString());
    return found;
  }

  public static PolderException notFound(ObjectName name) {
    return new PolderException(
        ErrorCode.COLLECTION_NOT_FOUND,
        "table or view " + name + " does not exist; SHOW TABLES lists what there is");
  }

  public static PolderException exists(LakeCollection found) {
    return new PolderException(
        ErrorCode.COLLECTION_EXISTS,
        found.kind().word()
            + " "
            + found.ref()
            + " exists already; "
            + "use another name, "
            + "CREATE OR REPLACE or IF NOT EXISTS".toUpperCase(Locale.ROOT));
  }
}
