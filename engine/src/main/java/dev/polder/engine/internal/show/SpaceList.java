package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.engine.internal.space.VisibleSpaces;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.model.ErrorCode;
import dev.polder.model.LikePattern;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.sql.catalog.VisibleCollection;
import dev.polder.sql.catalog.VisibleColumn;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.ShowTables;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What SHOW TABLES, SHOW ALL TABLES and SHOW SCHEMAS answer. Stateless. */
final class SpaceList {
  static final List<Header> TABLES = List.of(Table.text("name"));
  static final List<Header> SCHEMAS =
      List.of(Table.text("database_name"), Table.text("schema_name"));
  static final List<Header> ALL_TABLES =
      List.of(
          Table.text("database"),
          Table.text("schema"),
          Table.text("name"),
          Table.text("column_names"),
          Table.text("column_types"),
          Table.flag("temporary"));

  private SpaceList() {}

  static Table tables(BoundSpace space, ShowTables show) {
    if (show.all()) {
      return allTables(space);
    }
    SchemaName schema = schema(space, show.from());
    LikePattern like = LikePattern.ofNames(show.like().orElse("%"));
    Table rows = Table.of(TABLES);
    space.collections().stream()
        .map(LakeCollection::ref)
        .filter(ref -> ref.schema().equals(schema) && like.matches(ref.name()))
        .sorted(Comparator.comparing(ref -> ref.key()))
        .forEach(ref -> rows.add(ref.name()));
    return rows;
  }

  /** A schema, a database, or both; nothing: the session's schema. */
  private static SchemaName schema(BoundSpace space, Optional<ObjectName> from) {
    if (from.isEmpty()) {
      return space.work().context().session().schema();
    }
    List<String> parts = from.get().parts();
    if (parts.size() == 3) {
      throw new PolderException(
          ErrorCode.SYNTAX_ERROR, "SHOW TABLES FROM takes a schema, perhaps with its database");
    }
    if (parts.size() == 2) {
      space.requireBound(parts.getFirst());
    }
    SchemaName name = new SchemaName(parts.getLast());
    boolean exists = space.schemas().stream().anyMatch(entry -> entry.name().equals(name));
    if (exists) {
      return name;
    }
    if (parts.size() == 1 && space.isBound(parts.getFirst())) {
      return SchemaName.MAIN;
    }
    throw new PolderException(
        ErrorCode.SCHEMA_NOT_FOUND,
        "schema " + from.get() + " does not exist; SHOW SCHEMAS lists what there is");
  }

  private static Table allTables(BoundSpace space) {
    Table rows = Table.of(ALL_TABLES);
    VisibleSpaces.of(
            space.reader(),
            space.access(),
            space.database(),
            space.work().actor().name(),
            List.of())
        .collections()
        .stream()
        .sorted(
            Comparator.comparing(VisibleCollection::schema).thenComparing(VisibleCollection::name))
        .forEach(found ->
            rows.add(
                space.database(),
                found.schema(),
                found.name(),
                list(found, VisibleColumn::name),
                list(found, VisibleColumn::type),
                false));
    return rows;
  }

  private static String list(VisibleCollection found, Function<VisibleColumn, String> part) {
    return found.columns().stream().map(part).collect(Collectors.joining(", ", "[", "]"));
  }

  static Table schemas(BoundSpace space, Optional<String> database) {
    database.ifPresent(space::requireBound);
    Table rows = Table.of(SCHEMAS);
    space.schemas().stream()
        .map(LakeSchema::name)
        .sorted(Comparator.comparing(SchemaName::key))
        .forEach(name -> rows.add(space.database(), name.value()));
    return rows;
  }
}
