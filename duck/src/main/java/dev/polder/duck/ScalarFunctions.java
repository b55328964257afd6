package dev.polder.duck;

import java.sql.SQLException;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBScalarFunctionBuilder;

/** Hands functions to the driver. */
final class ScalarFunctions {
  private ScalarFunctions() {}

  static void register(DuckDBConnection connection, ScalarFunction function) throws SQLException {
    try (DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction()) {
      builder.withName(function.name());
      for (var parameter : function.parameters()) {
        builder.withParameter(parameter);
      }
      var _ =
          builder
              .withReturnType(function.result())
              .withVectorizedFunction(function.body())
              .withNullInNullOut()
              .register(connection);
    }
  }
}
