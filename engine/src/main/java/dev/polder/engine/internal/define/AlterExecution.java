package dev.polder.engine.internal.define;

import static dev.polder.engine.internal.define.TableDefinitions.column;

import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeTransaction;
import dev.polder.lake.TableState;
import dev.polder.lake.type.DuckTypeParser;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import dev.polder.policy.DeniedException;
import dev.polder.sql.statement.AlterTable;
import dev.polder.sql.statement.ColumnDefinition;
import dev.polder.sql.statement.ColumnPosition;
import dev.polder.sql.statement.CommentOn;
import dev.polder.sql.statement.ObjectKind;
import dev.polder.sql.statement.TableChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.expressions.Term;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** ALTER TABLE, ALTER VIEW and COMMENT ON. Stateless. */
final class AlterExecution {
  private AlterExecution() {}

  static void run(StatementContext context, Targets targets, AlterTable alter) {
    Optional<LakeCollection> found = targets.find(alter.name());
    if (found.isEmpty() && alter.ifExists()) {
      context.notice("COLLECTION_NOT_FOUND", alter.name() + " does not exist");
      return;
    }
    LakeCollection object = targets.get(alter.name(), Privilege.ALTER);
    if (object.kind()
        != (alter.kind() == ObjectKind.VIEW ? CollectionKind.VIEW : CollectionKind.TABLE)) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE, object.ref() + " is a " + object.kind().word());
    }
    requireUnrestricted(targets, object, alter.change());
    LakeTransaction transaction = context.writing();
    switch (alter.change()) {
      case TableChange.Rename(String newName) ->
          rename(targets, transaction, object, new TableRef(object.ref().schema(), newName));
      case TableChange.SetSchema(String schema) ->
          rename(
              targets,
              transaction,
              object,
              new TableRef(new SchemaName(schema), object.ref().name()));
      default -> {
        if (object.isView()) {
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED, "a view can only be renamed; CREATE OR REPLACE VIEW it");
        }
        change(context, transaction, object, alter.change());
      }
    }
  }

  /**
   * Filters and masks are written with columns' names, so that whoever they hold for must not take
   * those names away or give them to other columns.
   */
  private static void requireUnrestricted(
      Targets targets, LakeCollection object, TableChange change) {
    boolean columns =
        switch (change) {
          case TableChange.AddColumn add -> true;
          case TableChange.DropColumn drop -> true;
          case TableChange.RenameColumn rename -> true;
          case TableChange.SetType type -> true;
          case TableChange.SetNotNull required -> true;
          default -> false;
        };
    if (columns
        && !targets.access().administrator()
        && !targets.access().policies(object.id()).isEmpty()) {
      throw new DeniedException(
          object.ref().toString(),
          "columns of "
              + object.ref()
              + " cannot be changed by a user under its row filter or mask;"
              + " an administrator can");
    }
  }

  private static void rename(
      Targets targets, LakeTransaction transaction, LakeCollection object, TableRef to) {
    targets.creatable(to.schema());
    targets.require(object, Privilege.DROP);
    if (!object.ref().schema().equals(to.schema())) {
      // Grants on the new schema would hold for the table.
      targets.require(object, Privilege.SELECT);
    }
    transaction
        .snapshot()
        .find(to)
        .filter(other -> !other.id().equals(object.id()))
        .ifPresent(other -> {
          throw Targets.exists(other);
        });
    transaction.rename(object, to);
  }

  private static void change(
      StatementContext context,
      LakeTransaction transaction,
      LakeCollection table,
      TableChange change) {
    TableState state = transaction.tableState(table);
    Schema schema = state.schema();
    switch (change) {
      case TableChange.AddColumn add -> {
        if (add.ifNotExists()
            && schema.caseInsensitiveFindField(String.join(".", add.path())) != null) {
          context.notice("COLUMN_EXISTS", "column " + String.join(".", add.path()) + " exists");
          return;
        }
        update(transaction, table, update -> add(context, state, update, add));
      }
      case TableChange.DropColumn drop -> {
        if (drop.ifExists()
            && schema.caseInsensitiveFindField(String.join(".", drop.path())) == null) {
          context.notice(
              "COLUMN_NOT_FOUND", "column " + String.join(".", drop.path()) + " does not exist");
          return;
        }
        if (drop.path().size() == 1 && schema.columns().size() == 1) {
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED, "a table needs a column; DROP TABLE removes it whole");
        }
        update(transaction, table, update -> update.deleteColumn(column(schema, drop.path())));
      }
      case TableChange.RenameColumn(List<String> path, String name) ->
          update(
              transaction,
              table,
              update -> {
                requireFree(
                    schema, path, name, Optional.of(schema.findField(column(schema, path))));
                update.renameColumn(column(schema, path), name);
              });
      case TableChange.SetType(List<String> path, var type) ->
          update(transaction, table, update -> setType(state, update, path, type.toString()));
      case TableChange.SetNotNull(List<String> path) -> {
        if (path.size() > 1) {
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED,
              "a field of a struct cannot be made NOT NULL; only whole columns can");
        }
        update(
            transaction,
            table,
            update -> update.allowIncompatibleChanges().requireColumn(column(schema, path)));
      }
      case TableChange.DropNotNull(List<String> path) ->
          update(transaction, table, update -> update.makeColumnOptional(column(schema, path)));
      case TableChange.SetDefault(List<String> path, var value) -> {
        Literal<?> literal =
            TableDefinitions.defaultValue(
                context, value.toString(), schema.findType(column(schema, path)));
        update(
            transaction,
            table,
            update -> update.updateColumnDefault(column(schema, path), literal));
      }
      case TableChange.DropDefault(List<String> path) ->
          update(
              transaction, table, update -> update.updateColumnDefault(column(schema, path), null));
      case TableChange.SetColumnComment(List<String> path, Optional<String> comment) ->
          update(
              transaction,
              table,
              update -> update.updateColumnDoc(column(schema, path), comment.orElse(null)));
      case TableChange.MoveColumn(List<String> path, ColumnPosition position) ->
          update(transaction, table, update -> move(schema, update, path, position));
      case TableChange.SetProperties(Map<String, String> properties) -> {
        TableDefinitions.checkProperties(properties);
        transaction.updateProperties(table, properties, Set.of());
      }
      case TableChange.ResetProperties(List<String> keys) -> {
        TableDefinitions.checkProperties(
            keys.stream().collect(java.util.stream.Collectors.toMap(key -> key, key -> "")));
        transaction.updateProperties(table, Map.of(), Set.copyOf(keys));
      }
      case TableChange.AddPartitionField(var field) ->
          spec(transaction, table, update -> update.addField(term(schema, field)));
      case TableChange.DropPartitionField(var field) ->
          spec(transaction, table, update -> update.removeField(term(schema, field)));
      case TableChange.SetPartitioning(var fields) ->
          spec(
              transaction,
              table,
              update -> {
                state.spec().fields().forEach(field -> update.removeField(field.name()));
                fields.forEach(field -> update.addField(term(schema, field)));
              });
      case TableChange.Rename ignored -> throw new IllegalStateException("handled before");
      case TableChange.SetSchema ignored -> throw new IllegalStateException("handled before");
    }
  }

  private static void update(
      LakeTransaction transaction, LakeCollection table, Consumer<UpdateSchema> change) {
    refusing(() -> transaction.updateSchema(table, change));
  }

  private static void spec(
      LakeTransaction transaction, LakeCollection table, Consumer<UpdatePartitionSpec> change) {
    refusing(() -> transaction.updateSpec(table, change));
  }

  /** Iceberg refuses by IllegalArgumentException; its sentences name the column. */
  private static void refusing(Runnable change) {
    try {
      change.run();
    } catch (IllegalArgumentException
        | IllegalStateException
        | org.apache.iceberg.exceptions.ValidationException e) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "the table cannot be changed so: " + e.getMessage(), e);
    }
  }

  private static void add(
      StatementContext context, TableState state, UpdateSchema update, TableChange.AddColumn add) {
    ColumnDefinition column = add.column();
    List<String> path = add.path();
    requireFree(state.schema(), path, path.getLast(), Optional.empty());
    Type type = type(context, state, column.type().toString(), column.name());
    if (column.notNull() && state.snapshot().isPresent() && column.defaultValue().isEmpty()) {
      throw new PolderException(
          ErrorCode.NOT_NULL_VIOLATION,
          "column "
              + column.name()
              + " cannot be NOT NULL without a DEFAULT: the table's rows would have NULL there");
    }
    String parent =
        path.size() == 1 ? null : column(state.schema(), path.subList(0, path.size() - 1));
    String doc = column.comment().orElse(null);
    if (column.defaultValue().isPresent()) {
      if (state.formatVersion() < 3) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "a new column with a DEFAULT needs a table of format version 3; add it without and"
                + " UPDATE it");
      }
      Literal<?> value =
          TableDefinitions.defaultValue(context, column.defaultValue().get().toString(), type);
      if (column.notNull()) {
        update.addRequiredColumn(parent, path.getLast(), type, doc, value);
      } else {
        update.addColumn(parent, path.getLast(), type, doc, value);
      }
    } else if (column.notNull()) {
      update.allowIncompatibleChanges().addRequiredColumn(parent, path.getLast(), type, doc);
    } else {
      update.addColumn(parent, path.getLast(), type, doc);
    }
    add.position()
        .ifPresent(position ->
            move(
                state.schema(),
                update,
                parent == null ? path.getLast() : parent + "." + path.getLast(),
                parent,
                position));
  }

  private static Type type(StatementContext context, TableState state, String text, String column) {
    return new DuckTypeParser(
            text,
            state.formatVersion(),
            state.metadata().lastColumnId() + 1,
            note -> context.notice("TYPE_WIDENED", "column " + column + ": " + note))
        .parse();
  }

  /**
   * @param self the field that gets the name, which may take its own in another case
   */
  private static void requireFree(
      Schema schema, List<String> path, String name, Optional<Types.NestedField> self) {
    String parent = String.join(".", path.subList(0, path.size() - 1));
    String full = parent.isEmpty() ? name : parent + "." + name;
    Types.NestedField taken = schema.caseInsensitiveFindField(full);
    if (taken == null) {
      return;
    }
    boolean own = self.isPresent() && taken.fieldId() == self.get().fieldId();
    if (!own || name.equals(taken.name())) {
      throw new PolderException(ErrorCode.COLUMN_EXISTS, "column " + full + " exists already");
    }
  }

  private static void setType(
      TableState state, UpdateSchema update, List<String> path, String type) {
    Type wanted =
        new DuckTypeParser(
                type, state.formatVersion(), state.metadata().lastColumnId() + 1, note -> {})
            .parse();
    if (!(wanted instanceof Type.PrimitiveType primitive)) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "the type of a nested column changes field by field");
    }
    update.updateColumn(column(state.schema(), path), primitive);
  }

  private static void move(
      Schema schema, UpdateSchema update, List<String> path, ColumnPosition position) {
    String parent = path.size() == 1 ? null : column(schema, path.subList(0, path.size() - 1));
    move(schema, update, column(schema, path), parent, position);
  }

  private static void move(
      Schema schema,
      UpdateSchema update,
      String column,
      @org.jspecify.annotations.Nullable String parent,
      ColumnPosition position) {
    switch (position) {
      case ColumnPosition.First() -> update.moveFirst(column);
      case ColumnPosition.After(String sibling) ->
          update.moveAfter(
              column, column(schema, parent == null ? List.of(sibling) : List.of(parent, sibling)));
    }
  }

  private static Term term(Schema schema, dev.polder.sql.statement.PartitionField field) {
    String column = column(schema, field.column());
    int argument = field.argument().orElse(0);
    return switch (field.transform()) {
      case IDENTITY -> Expressions.ref(column);
      case BUCKET -> Expressions.bucket(column, argument);
      case TRUNCATE -> Expressions.truncate(column, argument);
      case YEAR -> Expressions.year(column);
      case MONTH -> Expressions.month(column);
      case DAY -> Expressions.day(column);
      case HOUR -> Expressions.hour(column);
      case VOID ->
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED, "a void field cannot be added; drop the field instead");
    };
  }

  static void comment(StatementContext context, Targets targets, CommentOn comment) {
    LakeCollection object = targets.get(comment.name(), Privilege.ALTER);
    if (!object.isTable()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "comments on views are not kept; comment on its tables");
    }
    if (comment.column().isEmpty()) {
      context
          .writing()
          .updateProperties(
              object,
              comment.comment().map(text -> Map.of("comment", text)).orElse(Map.of()),
              comment.comment().isPresent() ? Set.of() : Set.of("comment"));
      return;
    }
    change(
        context,
        context.writing(),
        object,
        new TableChange.SetColumnComment(comment.column(), comment.comment()));
  }
}
