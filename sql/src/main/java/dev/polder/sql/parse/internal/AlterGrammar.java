package dev.polder.sql.parse.internal;

import dev.polder.sql.statement.AlterTable;
import dev.polder.sql.statement.ColumnDefinition;
import dev.polder.sql.statement.ColumnPosition;
import dev.polder.sql.statement.ObjectKind;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.TableChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ALTER TABLE and ALTER VIEW. One use per instance. */
final class AlterGrammar {
  private final Cursor cursor;
  private final ColumnGrammar columns;
  private final PartitionGrammar partitions;

  AlterGrammar(Cursor cursor) {
    this.cursor = cursor;
    this.columns = new ColumnGrammar(cursor);
    this.partitions = new PartitionGrammar(cursor);
  }

  AlterTable alter() {
    cursor.expect("ALTER");
    ObjectKind kind = cursor.accept("VIEW") ? ObjectKind.VIEW : ObjectKind.TABLE;
    cursor.accept("TABLE");
    boolean ifExists = cursor.accept("IF", "EXISTS");
    ObjectName name = cursor.objectName("a name");
    TableChange change = kind == ObjectKind.VIEW ? viewChange() : change();
    if (cursor.at(",")) {
      throw cursor.notSupported("several changes at once are not supported; make one at a time");
    }
    cursor.expectEnd();
    return new AlterTable(cursor.text(), kind, name, ifExists, change);
  }

  private TableChange viewChange() {
    if (cursor.accept("SET", "SCHEMA")) {
      return new TableChange.SetSchema(cursor.name("a schema"));
    }
    if (cursor.at("SET")) {
      cursor.next();
      return properties();
    }
    cursor.expect("RENAME", "TO");
    return new TableChange.Rename(cursor.name("a name"));
  }

  private TableChange change() {
    String verb = cursor.word(0);
    return switch (verb) {
      case "ADD" -> add();
      case "DROP" -> drop();
      case "RENAME" -> rename();
      case "ALTER" -> alterColumn();
      case "SET" -> set();
      case "RESET" -> reset();
      default -> throw cursor.unexpected("ADD, DROP, RENAME, ALTER, SET or RESET");
    };
  }

  private TableChange add() {
    cursor.expect("ADD");
    if (cursor.accept("PARTITION", "FIELD")) {
      return new TableChange.AddPartitionField(partitions.field());
    }
    columns.refuseConstraint();
    cursor.accept("COLUMN");
    boolean ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
    List<String> path = cursor.path("a column");
    ColumnDefinition column = columns.column(path.getLast());
    Optional<ColumnPosition> position =
        cursor.atEnd() || cursor.at(",") ? Optional.empty() : Optional.of(position());
    return new TableChange.AddColumn(path, column, ifNotExists, position);
  }

  private ColumnPosition position() {
    if (cursor.accept("FIRST")) {
      return new ColumnPosition.First();
    }
    cursor.expect("AFTER");
    return new ColumnPosition.After(cursor.name("a column"));
  }

  private TableChange drop() {
    cursor.expect("DROP");
    if (cursor.accept("PARTITION", "FIELD")) {
      return new TableChange.DropPartitionField(partitions.field());
    }
    if (cursor.at("CONSTRAINT")) {
      throw cursor.notSupported("DROP CONSTRAINT is not supported");
    }
    cursor.accept("COLUMN");
    boolean ifExists = cursor.accept("IF", "EXISTS");
    List<String> path = cursor.path("a column");
    cursor.accept("RESTRICT");
    return new TableChange.DropColumn(path, ifExists);
  }

  private TableChange rename() {
    cursor.expect("RENAME");
    if (cursor.accept("TO")) {
      return new TableChange.Rename(cursor.name("a name"));
    }
    cursor.accept("COLUMN");
    List<String> path = cursor.path("a column");
    cursor.expect("TO");
    return new TableChange.RenameColumn(path, cursor.name("a column"));
  }

  private TableChange alterColumn() {
    cursor.expect("ALTER");
    cursor.accept("COLUMN");
    List<String> path = cursor.path("a column");
    if (cursor.accept("SET", "NOT", "NULL")) {
      return new TableChange.SetNotNull(path);
    }
    if (cursor.accept("DROP", "NOT", "NULL")) {
      return new TableChange.DropNotNull(path);
    }
    if (cursor.accept("SET", "DEFAULT")) {
      return new TableChange.SetDefault(path, columns.defaultValue());
    }
    if (cursor.accept("DROP", "DEFAULT")) {
      return new TableChange.DropDefault(path);
    }
    if (cursor.accept("COMMENT")) {
      return new TableChange.SetColumnComment(
          path, Optional.of(cursor.string("a comment in quotes")));
    }
    if (cursor.at("FIRST") || cursor.at("AFTER")) {
      return new TableChange.MoveColumn(path, position());
    }
    boolean set = cursor.accept("SET", "DATA");
    if (!set) {
      cursor.accept("SET");
    }
    cursor.expect("TYPE");
    TableChange change = new TableChange.SetType(path, new TypeGrammar(cursor).type());
    if (cursor.at("USING")) {
      throw cursor.notSupported("ALTER COLUMN … TYPE … USING is not supported");
    }
    return change;
  }

  private TableChange set() {
    cursor.expect("SET");
    if (cursor.accept("SCHEMA")) {
      return new TableChange.SetSchema(cursor.name("a schema"));
    }
    if (cursor.accept("PARTITIONED", "BY")) {
      return new TableChange.SetPartitioning(partitions.fields());
    }
    if (cursor.at("SORTED")) {
      throw cursor.notSupported("SET SORTED BY is not supported");
    }
    return properties();
  }

  private TableChange properties() {
    if (!cursor.accept("TBLPROPERTIES")) {
      cursor.accept("PROPERTIES");
    }
    return new TableChange.SetProperties(columns.properties());
  }

  private TableChange reset() {
    cursor.expect("RESET");
    if (cursor.accept("PARTITIONED", "BY")) {
      return new TableChange.SetPartitioning(List.of());
    }
    cursor.expect("(");
    List<String> keys = new ArrayList<>();
    do {
      keys.add(columns.key());
    } while (cursor.accept(","));
    cursor.expect(")");
    return new TableChange.ResetProperties(keys);
  }
}
