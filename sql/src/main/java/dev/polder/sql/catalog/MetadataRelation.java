package dev.polder.sql.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One of the relations of {@code information_schema} and {@code pg_catalog}: its columns, and its
 * rows as a function of what may be seen. Immutable.
 */
public final class MetadataRelation {
  public static final String INFORMATION_SCHEMA = "information_schema";
  public static final String PG_CATALOG = "pg_catalog";

  private static final Map<String, MetadataRelation> ALL = new TreeMap<>();

  static {
    InformationSchema.relations().forEach(MetadataRelation::add);
    PgCatalog.relations().forEach(MetadataRelation::add);
  }

  private final String schema;
  private final String name;
  private final List<Relation.Column> columns;
  private final Function<VisibleSpace, List<List<@Nullable Object>>> rows;

  MetadataRelation(
      String schema,
      String name,
      List<Relation.Column> columns,
      Function<VisibleSpace, List<List<@Nullable Object>>> rows) {
    this.schema = schema;
    this.name = name;
    this.columns = List.copyOf(columns);
    this.rows = rows;
  }

  private static void add(MetadataRelation relation) {
    ALL.put(relation.schema + "." + relation.name, relation);
  }

  /** Finds a relation by lower-cased schema and name. */
  public static Optional<MetadataRelation> find(String schema, String name) {
    return Optional.ofNullable(ALL.get(schema + "." + name));
  }

  public static boolean isMetadataSchema(String schema) {
    return schema.equals(INFORMATION_SCHEMA) || schema.equals(PG_CATALOG);
  }

  public String schema() {
    return schema;
  }

  public String name() {
    return name;
  }

  public Relation of(VisibleSpace space) {
    return new Relation(columns, rows.apply(space));
  }

  /** Columns from {@code name TYPE} pairs, separated by commas. */
  static List<Relation.Column> columns(String definition) {
    return java.util.Arrays.stream(definition.split(","))
        .map(String::strip)
        .map(pair -> {
          int space = pair.indexOf(' ');
          return new Relation.Column(pair.substring(0, space), pair.substring(space + 1));
        })
        .toList();
  }
}
