package dev.polder.federation.parquet;

import dev.polder.federation.duckdb.DuckdbSql;
import dev.polder.sql.remote.RemoteTable;
import java.util.function.Function;

/** DuckDB's SQL over files: a table is a call that reads them. */
final class ParquetSql extends DuckdbSql {
  private final Function<RemoteTable, String> call;

  ParquetSql(String alias, Function<RemoteTable, String> call) {
    super(alias);
    this.call = call;
  }

  @Override
  public String table(RemoteTable table) {
    return call.apply(table);
  }
}
