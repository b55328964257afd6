package dev.polder.door.flight.internal;

import java.util.List;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlNullOrdering;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlOuterJoinsSupportLevel;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedCaseSensitivity;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedElementActions;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedGroupBy;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedPositionedCommands;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedResultSetType;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedSubqueries;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedTransaction;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedUnions;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlTransactionIsolationLevel;
import org.apache.arrow.flight.sql.impl.FlightSql.SupportedAnsi92SqlGrammarLevel;
import org.apache.arrow.flight.sql.impl.FlightSql.SupportedSqlGrammar;

/** What the server can do, in Flight SQL's terms. */
final class SqlInfos {
  private static final List<String> KEYWORDS =
      List.of(
          "ANALYSE",
          "ANALYZE",
          "ANTI",
          "ASOF",
          "ATTACH",
          "CLONE",
          "COLUMNS",
          "DATABASE",
          "DESCRIBE",
          "EXCLUDE",
          "EXPLAIN",
          "GLOB",
          "ILIKE",
          "LAMBDA",
          "LIMIT",
          "MACRO",
          "MAP",
          "MATERIALIZED",
          "MIRROR",
          "OFFSET",
          "PIVOT",
          "PIVOT_LONGER",
          "PIVOT_WIDER",
          "POSITIONAL",
          "QUALIFY",
          "RETURNING",
          "SAMPLE",
          "SEMI",
          "SHOW",
          "STRUCT",
          "SUMMARIZE",
          "TABLESAMPLE",
          "TENANT",
          "TRY_CAST",
          "UNPIVOT",
          "USE",
          "VACUUM");
  private static final List<String> NUMERIC =
      List.of(
          "ABS", "ACOS", "ASIN", "ATAN", "ATAN2", "CEILING", "COS", "COT", "DEGREES", "EXP",
          "FLOOR", "LOG", "LOG10", "MOD", "PI", "POWER", "RADIANS", "RANDOM", "ROUND", "SIGN",
          "SIN", "SQRT", "TAN", "TRUNC");
  private static final List<String> STRING =
      List.of(
          "ASCII",
          "CHR",
          "CONCAT",
          "LCASE",
          "LEFT",
          "LENGTH",
          "LOWER",
          "LTRIM",
          "REPEAT",
          "REPLACE",
          "RIGHT",
          "RTRIM",
          "SUBSTRING",
          "TRIM",
          "UCASE",
          "UPPER");
  private static final List<String> DATETIME =
      List.of(
          "CURRENT_DATE",
          "CURRENT_TIMESTAMP",
          "DAYNAME",
          "DAYOFMONTH",
          "DAYOFWEEK",
          "DAYOFYEAR",
          "EXTRACT",
          "HOUR",
          "MINUTE",
          "MONTH",
          "MONTHNAME",
          "NOW",
          "QUARTER",
          "SECOND",
          "WEEK",
          "YEAR");

  private SqlInfos() {}

  static SqlInfoBuilder builder(String serverVersion, String arrowVersion) {
    SqlInfoBuilder builder = new SqlInfoBuilder();
    server(builder, serverVersion, arrowVersion);
    syntax(builder);
    queries(builder);
    transactions(builder);
    return builder;
  }

  private static void server(SqlInfoBuilder builder, String version, String arrowVersion) {
    builder
        .withFlightSqlServerName("Polder")
        .withFlightSqlServerVersion(version)
        .withFlightSqlServerArrowVersion(arrowVersion)
        .withFlightSqlServerReadOnly(false)
        .withFlightSqlServerSql(true)
        .withFlightSqlServerSubstrait(false)
        .withFlightSqlServerTransaction(
            SqlSupportedTransaction.SQL_SUPPORTED_TRANSACTION_TRANSACTION)
        .withFlightSqlServerCancel(true)
        .withFlightSqlServerBulkIngestion(true)
        .withFlightSqlServerBulkIngestionTransaction(true)
        .withFlightSqlServerStatementTimeout(0)
        .withFlightSqlServerTransactionTimeout(0);
  }

  private static void syntax(SqlInfoBuilder builder) {
    builder
        .withSqlDdlCatalog(true)
        .withSqlDdlSchema(true)
        .withSqlDdlTable(true)
        .withSqlIdentifierCase(SqlSupportedCaseSensitivity.SQL_CASE_SENSITIVITY_CASE_INSENSITIVE)
        .withSqlQuotedIdentifierCase(
            SqlSupportedCaseSensitivity.SQL_CASE_SENSITIVITY_CASE_INSENSITIVE)
        .withSqlIdentifierQuoteChar("\"")
        .withSqlSearchStringEscape("\\")
        .withSqlExtraNameCharacters("")
        .withSqlSchemaTerm("schema")
        .withSqlCatalogTerm("database")
        .withSqlProcedureTerm("procedure")
        .withSqlCatalogAtStart(true)
        .withSqlKeywords(KEYWORDS.toArray(new String[0]))
        .withSqlNumericFunctions(NUMERIC.toArray(new String[0]))
        .withSqlStringFunctions(STRING.toArray(new String[0]))
        .withSqlSystemFunctions(new String[] {"COALESCE", "IFNULL", "NULLIF"})
        .withSqlDatetimeFunctions(DATETIME.toArray(new String[0]))
        .withSqlAllTablesAreSelectable(true)
        .withSqlNullOrdering(SqlNullOrdering.SQL_NULLS_SORTED_AT_END)
        .withSqlMaxTableNameLength(255)
        .withSqlDbSchemaNameLength(255)
        .withSqlMaxCatalogNameLength(63)
        .withSqlMaxUsernameLength(128);
  }

  private static void queries(SqlInfoBuilder builder) {
    builder
        .withSqlSupportsColumnAliasing(true)
        .withSqlNullPlusNullIsNull(true)
        .withSqlSupportsTableCorrelationNames(true)
        .withSqlSupportsDifferentTableCorrelationNames(false)
        .withSqlSupportsExpressionsInOrderBy(true)
        .withSqlSupportsOrderByUnrelated(true)
        .withSqlSupportsLikeEscapeClause(true)
        .withSqlSupportsNonNullableColumns(true)
        .withSqlSupportsIntegrityEnhancementFacility(false)
        .withSqlSelectForUpdateSupported(false)
        .withSqlStoredProceduresSupported(false)
        .withSqlStoredFunctionsUsingCallSyntaxSupported(false)
        .withSqlCorrelatedSubqueriesSupported(true)
        .withSqlNamedParametersSupported(false)
        .withSqlLocatorsUpdateCopy(false)
        .withSqlBatchUpdatesSupported(true)
        .withSqlSupportedGroupBy(SqlSupportedGroupBy.SQL_GROUP_BY_BEYOND_SELECT)
        .withSqlSupportedGrammar(
            SupportedSqlGrammar.SQL_MINIMUM_GRAMMAR,
            SupportedSqlGrammar.SQL_CORE_GRAMMAR,
            SupportedSqlGrammar.SQL_EXTENDED_GRAMMAR)
        .withSqlAnsi92SupportedLevel(SupportedAnsi92SqlGrammarLevel.ANSI92_ENTRY_SQL)
        .withSqlSchemasSupportedActions(SqlSupportedElementActions.SQL_ELEMENT_IN_INDEX_DEFINITIONS)
        .withSqlCatalogsSupportedActions(
            SqlSupportedElementActions.SQL_ELEMENT_IN_PRIVILEGE_DEFINITIONS)
        .withSqlSupportedPositionedCommands(new SqlSupportedPositionedCommands[0])
        .withSqlSubQueriesSupported(
            SqlSupportedSubqueries.SQL_SUBQUERIES_IN_COMPARISONS,
            SqlSupportedSubqueries.SQL_SUBQUERIES_IN_EXISTS,
            SqlSupportedSubqueries.SQL_SUBQUERIES_IN_INS,
            SqlSupportedSubqueries.SQL_SUBQUERIES_IN_QUANTIFIEDS)
        .withSqlSupportedUnions(SqlSupportedUnions.SQL_UNION, SqlSupportedUnions.SQL_UNION_ALL)
        .withSqlOuterJoinSupportLevel(SqlOuterJoinsSupportLevel.SQL_FULL_OUTER_JOINS)
        .withSqlSupportedResultSetTypes(SqlSupportedResultSetType.SQL_RESULT_SET_TYPE_FORWARD_ONLY);
  }

  private static void transactions(SqlInfoBuilder builder) {
    builder
        .withSqlTransactionsSupported(true)
        .withSqlSavepointsSupported(false)
        .withSqlDataDefinitionCausesTransactionCommit(false)
        .withSqlDataDefinitionsInTransactionsIgnored(false)
        .withSqlDefaultTransactionIsolation(
            SqlTransactionIsolationLevel.SQL_TRANSACTION_REPEATABLE_READ_VALUE)
        .withSqlSupportedTransactionsIsolationLevels(
            SqlTransactionIsolationLevel.SQL_TRANSACTION_REPEATABLE_READ,
            SqlTransactionIsolationLevel.SQL_TRANSACTION_SERIALIZABLE);
  }
}
