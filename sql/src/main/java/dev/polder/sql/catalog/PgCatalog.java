package dev.polder.sql.catalog;

import static dev.polder.sql.catalog.InformationSchema.row;
import static dev.polder.sql.catalog.MetadataRelation.columns;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The tables of {@code pg_catalog} that drivers and tools read, with PostgreSQL's names and types
 * of columns. What Polder has none of (indexes, constraints, sequences …) is empty. Object
 * identifiers are derived from names and identities, so they are the same in every statement.
 */
final class PgCatalog {
  private static final int FIRST_USER_OID = 16384;
  private static final int OWNER = 10;

  private PgCatalog() {}

  static List<MetadataRelation> relations() {
    return List.of(
        relation(
            "pg_namespace",
            "oid BIGINT, nspname VARCHAR, nspowner BIGINT, nspacl VARCHAR",
            PgCatalog::namespaces),
        relation(
            "pg_class",
            "oid BIGINT, relname VARCHAR, relnamespace BIGINT, reltype BIGINT, reloftype BIGINT,"
                + " relowner BIGINT, relam BIGINT, relfilenode BIGINT, reltablespace BIGINT,"
                + " relpages INTEGER, reltuples FLOAT, relallvisible INTEGER, reltoastrelid BIGINT,"
                + " relhasindex BOOLEAN, relisshared BOOLEAN, relpersistence VARCHAR, relkind"
                + " VARCHAR, relnatts SMALLINT, relchecks SMALLINT, relhasrules BOOLEAN,"
                + " relhastriggers BOOLEAN, relhassubclass BOOLEAN, relrowsecurity BOOLEAN,"
                + " relforcerowsecurity BOOLEAN, relispopulated BOOLEAN, relreplident VARCHAR,"
                + " relispartition BOOLEAN, relacl VARCHAR, reloptions VARCHAR, relpartbound VARCHAR",
            PgCatalog::classes),
        relation(
            "pg_attribute",
            "attrelid BIGINT, attname VARCHAR, atttypid BIGINT, attstattarget INTEGER, attlen"
                + " SMALLINT, attnum SMALLINT, attndims INTEGER, atttypmod INTEGER, attbyval"
                + " BOOLEAN, attalign VARCHAR, attstorage VARCHAR, attnotnull BOOLEAN, atthasdef"
                + " BOOLEAN, atthasmissing BOOLEAN, attidentity VARCHAR, attgenerated VARCHAR,"
                + " attisdropped BOOLEAN, attislocal BOOLEAN, attinhcount INTEGER, attcollation"
                + " BIGINT, attacl VARCHAR, attoptions VARCHAR",
            PgCatalog::attributes),
        relation(
            "pg_type",
            "oid BIGINT, typname VARCHAR, typnamespace BIGINT, typowner BIGINT, typlen SMALLINT,"
                + " typbyval BOOLEAN, typtype VARCHAR, typcategory VARCHAR, typispreferred BOOLEAN,"
                + " typisdefined BOOLEAN, typdelim VARCHAR, typrelid BIGINT, typelem BIGINT,"
                + " typarray BIGINT, typinput VARCHAR, typnotnull BOOLEAN, typbasetype BIGINT,"
                + " typtypmod INTEGER, typndims INTEGER, typcollation BIGINT, typdefault VARCHAR",
            PgCatalog::types),
        relation(
            "pg_database",
            "oid BIGINT, datname VARCHAR, datdba BIGINT, encoding INTEGER, datcollate VARCHAR,"
                + " datctype VARCHAR, datistemplate BOOLEAN, datallowconn BOOLEAN, datconnlimit"
                + " INTEGER, dattablespace BIGINT, datacl VARCHAR",
            PgCatalog::databases),
        relation(
            "pg_tables",
            "schemaname VARCHAR, tablename VARCHAR, tableowner VARCHAR, tablespace VARCHAR,"
                + " hasindexes BOOLEAN, hasrules BOOLEAN, hastriggers BOOLEAN, rowsecurity BOOLEAN",
            PgCatalog::tables),
        relation(
            "pg_views",
            "schemaname VARCHAR, viewname VARCHAR, viewowner VARCHAR, definition VARCHAR",
            PgCatalog::views),
        relation(
            "pg_roles",
            "oid BIGINT, rolname VARCHAR, rolsuper BOOLEAN, rolinherit BOOLEAN, rolcreaterole"
                + " BOOLEAN, rolcreatedb BOOLEAN, rolcanlogin BOOLEAN, rolreplication BOOLEAN,"
                + " rolconnlimit INTEGER, rolvaliduntil VARCHAR",
            space ->
                List.of(
                    row(
                        (long) OWNER,
                        space.principal(),
                        false,
                        true,
                        false,
                        false,
                        true,
                        false,
                        -1,
                        null))),
        relation(
            "pg_user",
            "usename VARCHAR, usesysid BIGINT, usesuper BOOLEAN",
            space -> List.of(row(space.principal(), (long) OWNER, false))),
        relation(
            "pg_am",
            "oid BIGINT, amname VARCHAR, amtype VARCHAR",
            space -> List.of(row(2L, "heap", "t"))),
        empty(
            "pg_index",
            "indexrelid BIGINT, indrelid BIGINT, indnatts SMALLINT, indnkeyatts SMALLINT, indisunique BOOLEAN, indisprimary BOOLEAN, indisexclusion BOOLEAN, indimmediate BOOLEAN, indisclustered BOOLEAN, indisvalid BOOLEAN, indisready BOOLEAN, indislive BOOLEAN, indkey VARCHAR, indexprs VARCHAR, indpred VARCHAR"),
        empty(
            "pg_indexes",
            "schemaname VARCHAR, tablename VARCHAR, indexname VARCHAR, tablespace VARCHAR, indexdef VARCHAR"),
        empty(
            "pg_constraint",
            "oid BIGINT, conname VARCHAR, connamespace BIGINT, contype VARCHAR, condeferrable BOOLEAN, condeferred BOOLEAN, convalidated BOOLEAN, conrelid BIGINT, contypid BIGINT, conindid BIGINT, conparentid BIGINT, confrelid BIGINT, confupdtype VARCHAR, confdeltype VARCHAR, confmatchtype VARCHAR, conkey VARCHAR, confkey VARCHAR"),
        empty("pg_attrdef", "oid BIGINT, adrelid BIGINT, adnum SMALLINT, adbin VARCHAR"),
        empty(
            "pg_description",
            "objoid BIGINT, classoid BIGINT, objsubid INTEGER, description VARCHAR"),
        empty(
            "pg_proc",
            "oid BIGINT, proname VARCHAR, pronamespace BIGINT, proowner BIGINT, prorettype BIGINT, prokind VARCHAR, proretset BOOLEAN, pronargs SMALLINT, proargtypes VARCHAR"),
        empty("pg_enum", "oid BIGINT, enumtypid BIGINT, enumsortorder FLOAT, enumlabel VARCHAR"),
        empty(
            "pg_inherits",
            "inhrelid BIGINT, inhparent BIGINT, inhseqno INTEGER, inhdetachpending BOOLEAN"),
        empty(
            "pg_matviews",
            "schemaname VARCHAR, matviewname VARCHAR, matviewowner VARCHAR, definition VARCHAR"),
        empty(
            "pg_sequences",
            "schemaname VARCHAR, sequencename VARCHAR, sequenceowner VARCHAR, last_value BIGINT"),
        empty("pg_trigger", "oid BIGINT, tgrelid BIGINT, tgname VARCHAR, tgisinternal BOOLEAN"),
        empty("pg_extension", "oid BIGINT, extname VARCHAR, extversion VARCHAR"),
        empty("pg_range", "rngtypid BIGINT, rngsubtype BIGINT"),
        empty("pg_collation", "oid BIGINT, collname VARCHAR"));
  }

  private static MetadataRelation relation(
      String name, String definition, Function<VisibleSpace, List<List<@Nullable Object>>> rows) {
    return new MetadataRelation(MetadataRelation.PG_CATALOG, name, columns(definition), rows);
  }

  private static MetadataRelation empty(String name, String definition) {
    return relation(name, definition, space -> List.of());
  }

  private static long oid(String kind, String identity) {
    CRC32 checksum = new CRC32();
    checksum.update((kind + ":" + identity).getBytes(StandardCharsets.UTF_8));
    return FIRST_USER_OID + checksum.getValue() % (Integer.MAX_VALUE - FIRST_USER_OID);
  }

  private static long namespace(String schema) {
    return switch (schema) {
      case MetadataRelation.PG_CATALOG -> 11;
      case MetadataRelation.INFORMATION_SCHEMA -> 12;
      default -> oid("schema", schema);
    };
  }

  private static long relation(VisibleCollection table) {
    return oid("collection", table.id().value());
  }

  private static List<List<@Nullable Object>> namespaces(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    List<String> schemas = new ArrayList<>(space.schemas());
    schemas.add(MetadataRelation.PG_CATALOG);
    schemas.add(MetadataRelation.INFORMATION_SCHEMA);
    for (String schema : schemas) {
      rows.add(row(namespace(schema), schema, (long) OWNER, null));
    }
    return rows;
  }

  private static List<List<@Nullable Object>> classes(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (VisibleCollection table : space.collections()) {
      rows.add(
          row(
              relation(table),
              table.name(),
              namespace(table.schema()),
              0L,
              0L,
              (long) OWNER,
              table.kind() == VisibleCollection.Kind.TABLE ? 2L : 0L,
              0L,
              0L,
              0,
              -1f,
              0,
              0L,
              false,
              false,
              "p",
              switch (table.kind()) {
                case TABLE -> "r";
                case VIEW -> "v";
                case FOREIGN -> "f";
              },
              (short) table.columns().size(),
              (short) 0,
              table.isView(),
              false,
              false,
              false,
              false,
              true,
              "n",
              false,
              null,
              null,
              null));
    }
    return rows;
  }

  private static List<List<@Nullable Object>> attributes(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (VisibleCollection table : space.collections()) {
      short number = 0;
      for (VisibleColumn column : table.columns()) {
        number++;
        int type = PgTypes.oid(column.type());
        int length = PgTypes.length(type);
        rows.add(
            row(
                relation(table),
                column.name(),
                (long) type,
                -1,
                (short) length,
                number,
                column.type().endsWith("[]") ? 1 : 0,
                typeModifier(column.type()),
                length > 0 && length <= 8,
                "i",
                length < 0 ? "x" : "p",
                !column.nullable(),
                column.defaultValue().isPresent(),
                false,
                "",
                "",
                false,
                true,
                0,
                0L,
                null,
                null));
      }
    }
    return rows;
  }

  /** PostgreSQL keeps precision and scale of NUMERIC in one number. */
  private static int typeModifier(String type) {
    InformationSchema.NumericType numeric = InformationSchema.NumericType.of(type);
    Integer precision = numeric.precision();
    Integer scale = numeric.scale();
    return type.startsWith("DECIMAL") && precision != null && scale != null
        ? ((precision << 16) | scale) + 4
        : -1;
  }

  private static List<List<@Nullable Object>> types(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (PgTypes.PgType type : PgTypes.ALL) {
      rows.add(type(type.oid(), type.name(), type.length(), type.category(), 0, type.array()));
      rows.add(type(type.array(), "_" + type.name(), -1, "A", type.oid(), 0));
    }
    return rows;
  }

  private static List<@Nullable Object> type(
      int oid, String name, int length, String category, int element, int array) {
    return row(
        (long) oid,
        name,
        11L,
        (long) OWNER,
        (short) length,
        length > 0 && length <= 8,
        category.equals("P") ? "p" : "b",
        category,
        false,
        true,
        ",",
        0L,
        (long) element,
        (long) array,
        name + "_in",
        false,
        0L,
        -1,
        0,
        0L,
        null);
  }

  private static List<List<@Nullable Object>> databases(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String database : space.databases()) {
      rows.add(
          row(
              oid("database", database),
              database,
              (long) OWNER,
              6,
              "C",
              "C",
              false,
              true,
              -1,
              1663L,
              null));
    }
    return rows;
  }

  private static List<List<@Nullable Object>> tables(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (VisibleCollection table : space.collections()) {
      if (table.kind() == VisibleCollection.Kind.TABLE) {
        rows.add(row(table.schema(), table.name(), null, null, false, false, false, false));
      }
    }
    return rows;
  }

  private static List<List<@Nullable Object>> views(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (VisibleCollection table : space.collections()) {
      if (table.isView()) {
        rows.add(row(table.schema(), table.name(), null, table.viewText().orElse(null)));
      }
    }
    return rows;
  }
}
