package dev.polder.engine.internal.define;

import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.Transactions;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.lake.LakeTransaction;
import dev.polder.lake.TableDefinition;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import dev.polder.sql.statement.AlterTable;
import dev.polder.sql.statement.CommentOn;
import dev.polder.sql.statement.CreateSchema;
import dev.polder.sql.statement.CreateTable;
import dev.polder.sql.statement.CreateTableAs;
import dev.polder.sql.statement.CreateView;
import dev.polder.sql.statement.DefinitionStatement;
import dev.polder.sql.statement.DropSchema;
import dev.polder.sql.statement.DropTable;
import dev.polder.sql.statement.DropView;
import dev.polder.sql.statement.ObjectName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs statements that change schemas, tables and views. Stateless. */
public final class DefinitionExecution {
  private DefinitionExecution() {}

  /** Runs one of them in the session's transaction or in one of its own. */
  public static Result run(StatementContext context, DefinitionStatement statement) {
    long rows =
        Transactions.change(
            context, statement.getClass().getSimpleName(), inside -> apply(inside, statement));
    return new Result.Updated(rows, context.notices());
  }

  private static long apply(StatementContext context, DefinitionStatement statement) {
    Targets targets = Targets.of(context);
    switch (statement) {
      case CreateTable create -> createTable(context, targets, create);
      case CreateTableAs create -> {
        return CreateTableAsExecution.run(context, targets, create);
      }
      case AlterTable alter -> AlterExecution.run(context, targets, alter);
      case DropTable drop -> drop(context, targets, drop.name(), drop.ifExists(), false);
      case CreateView create -> ViewCreation.run(context, targets, create);
      case DropView drop -> drop(context, targets, drop.name(), drop.ifExists(), true);
      case CreateSchema create -> createSchema(context, targets, create);
      case DropSchema drop -> dropSchema(context, targets, drop);
      case CommentOn comment -> AlterExecution.comment(context, targets, comment);
    }
    return -1;
  }

  private static void createTable(StatementContext context, Targets targets, CreateTable create) {
    Optional<LakeCollection> existing =
        replaced(context, targets, create.name(), create.ifNotExists(), create.orReplace(), false);
    if (existing.isPresent() && create.ifNotExists()) {
      return;
    }
    TableDefinition definition =
        TableDefinitions.of(
            context,
            create.columns().stream().map(TableDefinitions.Column::of).toList(),
            create.partitioning(),
            create.properties(),
            create.comment());
    put(context, targets, create.name(), existing, definition);
  }

  /** Creates the table or replaces the one that is there. */
  static LakeCollection put(
      StatementContext context,
      Targets targets,
      ObjectName name,
      Optional<LakeCollection> existing,
      TableDefinition definition) {
    LakeTransaction transaction = context.writing();
    if (existing.isPresent()) {
      transaction.replaceTable(existing.get(), definition);
      return existing.get();
    }
    LakeCollection made = transaction.createTable(targets.ref(name), definition);
    context.session().creations().add(made);
    return made;
  }

  /**
   * What a CREATE finds under its name, with the rights it needs checked.
   *
   * @throws PolderException COLLECTION_EXISTS when neither form of CREATE allows it
   */
  static Optional<LakeCollection> replaced(
      StatementContext context,
      Targets targets,
      ObjectName name,
      boolean ifNotExists,
      boolean orReplace,
      boolean view) {
    TableRef ref = targets.ref(name);
    targets.creatable(ref.schema());
    Optional<LakeCollection> existing = targets.find(name);
    if (existing.isEmpty()) {
      return existing;
    }
    LakeCollection found = existing.get();
    if (ifNotExists) {
      context.notice("COLLECTION_EXISTS", found.ref() + " exists already and was left as it is");
      return existing;
    }
    if (!orReplace) {
      throw Targets.exists(found);
    }
    if (found.kind() != (view ? CollectionKind.VIEW : CollectionKind.TABLE)) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE,
          found.ref() + " is a " + found.kind().word() + "; DROP it first");
    }
    targets.require(found, Privilege.DROP);
    return existing;
  }

  private static void drop(
      StatementContext context, Targets targets, ObjectName name, boolean ifExists, boolean view) {
    Optional<LakeCollection> found = targets.find(name);
    if (found.isEmpty()) {
      if (!ifExists) {
        throw Targets.notFound(name);
      }
      context.notice("COLLECTION_NOT_FOUND", name + " does not exist; nothing was dropped");
      return;
    }
    targets.require(found.get(), Privilege.DROP);
    if (found.get().kind() != (view ? CollectionKind.VIEW : CollectionKind.TABLE)) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE,
          found.get().ref()
              + " is a "
              + switch (found.get().kind()) {
                case TABLE -> "table; use DROP TABLE";
                case VIEW -> "view; use DROP VIEW";
                case GENERIC ->
                    "generic table; drop it by DELETE of …/generic-tables/"
                        + found.get().ref().name()
                        + " in the Iceberg REST catalog";
              });
    }
    context.writing().drop(found.get());
  }

  private static void createSchema(StatementContext context, Targets targets, CreateSchema create) {
    targets.access().onSpace(Privilege.CREATE, context.session().database().value()).require();
    SchemaName name = targets.schemaName(create.name());
    if (targets.findSchema(name).isPresent()) {
      if (!create.ifNotExists()) {
        throw new PolderException(ErrorCode.SCHEMA_EXISTS, "schema " + name + " exists already");
      }
      context.notice("SCHEMA_EXISTS", "schema " + name + " exists already");
      return;
    }
    context.writing().createSchema(name, Map.of());
    context.session().creations().add(name);
  }

  private static void dropSchema(StatementContext context, Targets targets, DropSchema drop) {
    SchemaName name = targets.schemaName(drop.name());
    Optional<LakeSchema> found = targets.findSchema(name);
    if (found.isEmpty()) {
      if (!drop.ifExists()) {
        throw new PolderException(ErrorCode.SCHEMA_NOT_FOUND, "schema " + name + " does not exist");
      }
      context.notice("SCHEMA_NOT_FOUND", "schema " + name + " does not exist");
      return;
    }
    List<LakeSchema> all = new ArrayList<>();
    all.add(found.get());
    targets.schemas().stream().filter(schema -> isIn(schema.name(), name)).forEach(all::add);
    // The innermost first: a schema goes when nothing is in it any more.
    all.sort(
        Comparator.comparingInt((LakeSchema schema) -> schema.name().levels().size()).reversed());
    if (all.size() > 1 && !drop.cascade()) {
      throw new PolderException(
          ErrorCode.SCHEMA_NOT_EMPTY,
          "schema " + name + " holds other schemas; drop them first or use CASCADE");
    }
    for (LakeSchema schema : all) {
      drop(context, targets, schema, drop.cascade());
    }
  }

  private static boolean isIn(SchemaName schema, SchemaName outer) {
    return schema
        .parent()
        .filter(parent -> parent.equals(outer) || isIn(parent, outer))
        .isPresent();
  }

  private static void drop(
      StatementContext context, Targets targets, LakeSchema schema, boolean cascade) {
    targets.access().onSchema(Privilege.DROP, schema.id(), schema.name().value()).require();
    List<LakeCollection> members =
        context.writing().snapshot().list().stream()
            .filter(member -> member.schema().equals(schema.id()))
            .toList();
    if (!members.isEmpty() && !cascade) {
      throw new PolderException(
          ErrorCode.SCHEMA_NOT_EMPTY,
          "schema "
              + schema.name()
              + " holds "
              + members.size()
              + " tables and views; drop them first or use CASCADE");
    }
    for (LakeCollection member : members) {
      targets.require(member, Privilege.DROP);
      context.writing().drop(member);
    }
    context.writing().dropSchema(schema.name());
  }
}
