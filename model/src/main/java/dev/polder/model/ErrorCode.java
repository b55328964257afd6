package dev.polder.model;

import static dev.polder.model.RpcStatus.ABORTED;
import static dev.polder.model.RpcStatus.ALREADY_EXISTS;
import static dev.polder.model.RpcStatus.CANCELLED;
import static dev.polder.model.RpcStatus.DEADLINE_EXCEEDED;
import static dev.polder.model.RpcStatus.FAILED_PRECONDITION;
import static dev.polder.model.RpcStatus.INTERNAL;
import static dev.polder.model.RpcStatus.INVALID_ARGUMENT;
import static dev.polder.model.RpcStatus.NOT_FOUND;
import static dev.polder.model.RpcStatus.PERMISSION_DENIED;
import static dev.polder.model.RpcStatus.RESOURCE_EXHAUSTED;
import static dev.polder.model.RpcStatus.UNAUTHENTICATED;
import static dev.polder.model.RpcStatus.UNAVAILABLE;
import static dev.polder.model.RpcStatus.UNIMPLEMENTED;

/**
 * Every failure a user can see, with its code in each protocol: this is the one table that maps it.
 * All doors show {@link #symbol()}, which is the enumeration's name but for the few that share one.
 * Immutable.
 */
public enum ErrorCode {
  // Binding and names
  DATABASE_NOT_FOUND("3D000", 404, NOT_FOUND, "NoSuchWarehouseException"),
  DATABASE_EXISTS("42P04", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  CANNOT_DROP_DEFAULT_DATABASE("0A000", 409, FAILED_PRECONDITION, "BadRequestException"),
  CLONE_DEPENDENCY("55006", 409, FAILED_PRECONDITION, "BadRequestException"),
  CLONE_DEPTH_EXCEEDED("54011", 409, FAILED_PRECONDITION, "BadRequestException"),
  CANNOT_CLONE_MIRROR("0A000", 409, FAILED_PRECONDITION, "BadRequestException"),
  MIRROR_READ_ONLY("25006", 403, FAILED_PRECONDITION, "ForbiddenException"),
  MIRROR_BOOTSTRAPPING("55000", 409, FAILED_PRECONDITION, "BadRequestException"),
  MIRROR_SOURCE_CHANGED("55000", 409, FAILED_PRECONDITION, "BadRequestException"),
  NOT_A_MIRROR("0A000", 409, FAILED_PRECONDITION, "BadRequestException"),
  STALE_READ_NOT_LEADER("55P03", 409, FAILED_PRECONDITION, "BadRequestException"),
  MIRROR_SYNC_TIMEOUT("57014", 503, ABORTED, "ServiceUnavailableException"),
  CLUSTER_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  CLUSTER_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  CLUSTER_IN_USE("2BP01", 409, FAILED_PRECONDITION, "BadRequestException"),
  CLUSTER_UNREACHABLE("08001", 502, UNAVAILABLE, "ServiceUnavailableException"),
  TENANT_MOVING("55006", 409, ABORTED, "CommitFailedException"),
  MOVE_TENANT_ALREADY_AT_TARGET("02000", 200, ALREADY_EXISTS, "AlreadyExistsException"),
  PREFLIGHT_FAILED("55P02", 409, FAILED_PRECONDITION, "BadRequestException"),
  DRAIN_TIMEOUT("57014", 409, ABORTED, "ServiceFailureException"),
  SNAPSHOT_FAILED("XX000", 500, INTERNAL, "ServiceFailureException"),
  CUTOVER_FAILED("XX000", 500, INTERNAL, "ServiceFailureException"),
  AS_OF_OUT_OF_RANGE("22000", 400, INVALID_ARGUMENT, "BadRequestException"),
  TENANT_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  TENANT_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  TENANT_NOT_EMPTY("2BP01", 409, FAILED_PRECONDITION, "BadRequestException"),
  SCHEMA_NOT_FOUND("3F000", 404, NOT_FOUND, "NoSuchNamespaceException"),
  SCHEMA_EXISTS("42P06", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  SCHEMA_NOT_EMPTY("2BP01", 409, FAILED_PRECONDITION, "NamespaceNotEmptyException"),
  COLLECTION_NOT_FOUND("42P01", 404, NOT_FOUND, "NoSuchTableException"),
  /** To the Iceberg door, which tells views from tables, alone. */
  VIEW_NOT_FOUND("COLLECTION_NOT_FOUND", "42P01", 404, NOT_FOUND, "NoSuchViewException"),
  PLAN_NOT_FOUND("42704", 404, NOT_FOUND, "NoSuchPlanIdException"),
  PLAN_TASK_NOT_FOUND("42704", 404, NOT_FOUND, "NoSuchPlanTaskException"),
  COLLECTION_EXISTS("42P07", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  /** What stops a DROP DATABASE: users know it under the same name, with an SQLSTATE of its own. */
  DATABASE_NOT_EMPTY("COLLECTION_EXISTS", "2BP01", 409, FAILED_PRECONDITION, "BadRequestException"),
  COLUMN_NOT_FOUND("42703", 400, INVALID_ARGUMENT, "BadRequestException"),
  COLUMN_EXISTS("42701", 409, ALREADY_EXISTS, "BadRequestException"),
  PRINCIPAL_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  PRINCIPAL_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  ROLE_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  ROLE_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  ROLE_CYCLE("0LP01", 409, FAILED_PRECONDITION, "BadRequestException"),
  GROUP_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  GROUP_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  POLICY_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  POLICY_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  CREDENTIAL_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  CREDENTIAL_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  IDENTITY_PROVIDER_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  IDENTITY_PROVIDER_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  TOKEN_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  ENTITY_VERSION_MISMATCH("40001", 409, ABORTED, "CommitConflictException"),
  INVALID_NAME("42602", 400, INVALID_ARGUMENT, "BadRequestException"),
  WRONG_OBJECT_TYPE("42809", 400, INVALID_ARGUMENT, "BadRequestException"),
  /** It could mean two things; the message says how to write each. */
  AMBIGUOUS_NAME("42P09", 400, INVALID_ARGUMENT, "BadRequestException"),
  LAST_ADMINISTRATOR("55006", 409, FAILED_PRECONDITION, "BadRequestException"),

  // Access
  AUTHENTICATION_FAILED("28000", 401, UNAUTHENTICATED, "NotAuthorizedException"),
  INVALID_PASSWORD("28P01", 401, UNAUTHENTICATED, "NotAuthorizedException"),
  /** The tenant's users log in at its identity provider. */
  EXTERNAL_LOGIN_REQUIRED("28000", 401, UNAUTHENTICATED, "NotAuthorizedException"),
  IDENTITY_PROVIDER_UNAVAILABLE("08001", 503, UNAVAILABLE, "ServiceUnavailableException"),
  INVALID_SCOPE("28000", 400, INVALID_ARGUMENT, "BadRequestException"),
  TOO_MANY_FAILED_LOGINS("28000", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  ACCESS_DENIED("42501", 403, PERMISSION_DENIED, "ForbiddenException"),
  /** Of what concerns sources: clients tell these refusals apart. */
  SUPERUSER_REQUIRED("42501", 403, PERMISSION_DENIED, "ForbiddenException"),
  TENANT_FORBIDDEN("42501", 403, PERMISSION_DENIED, "ForbiddenException"),
  ADMIN_REQUIRED("42501", 403, PERMISSION_DENIED, "ForbiddenException"),
  FUNCTION_NOT_ALLOWED("42501", 403, PERMISSION_DENIED, "ForbiddenException"),

  // Statements
  SYNTAX_ERROR("42601", 400, INVALID_ARGUMENT, "BadRequestException"),
  BINDING_ERROR("42P10", 400, INVALID_ARGUMENT, "BadRequestException"),
  TYPE_MISMATCH("42804", 400, INVALID_ARGUMENT, "BadRequestException"),
  FUNCTION_NOT_FOUND("42883", 400, INVALID_ARGUMENT, "BadRequestException"),
  INVALID_PARAMETER("22023", 400, INVALID_ARGUMENT, "IllegalArgumentException"),
  INVALID_TEXT("22021", 400, INVALID_ARGUMENT, "BadRequestException"),
  CONVERSION_ERROR("22018", 400, INVALID_ARGUMENT, "BadRequestException"),
  DIVISION_BY_ZERO("22012", 400, INVALID_ARGUMENT, "BadRequestException"),
  OUT_OF_RANGE("22003", 400, INVALID_ARGUMENT, "BadRequestException"),
  DATA_EXCEPTION("22000", 400, INVALID_ARGUMENT, "BadRequestException"),
  NOT_NULL_VIOLATION("23502", 409, FAILED_PRECONDITION, "BadRequestException"),
  CARDINALITY_VIOLATION("21000", 400, INVALID_ARGUMENT, "BadRequestException"),
  MULTIPLE_STATEMENTS("42601", 400, INVALID_ARGUMENT, "BadRequestException"),
  STATEMENT_TOO_LARGE("54000", 413, INVALID_ARGUMENT, "BadRequestException"),
  STATEMENT_TOO_COMPLEX("54001", 400, INVALID_ARGUMENT, "BadRequestException"),
  TOO_MANY_COLUMNS("54011", 400, INVALID_ARGUMENT, "BadRequestException"),
  UNPROCESSABLE_REQUEST("22023", 422, INVALID_ARGUMENT, "UnprocessableEntityException"),
  NOT_SUPPORTED("0A000", 400, UNIMPLEMENTED, "UnsupportedOperationException"),
  READ_ONLY("25006", 403, FAILED_PRECONDITION, "ForbiddenException"),
  STATEMENT_NOT_FOUND("26000", 404, NOT_FOUND, "NotFoundException"),
  PREPARED_STATEMENT_NOT_FOUND("26000", 404, NOT_FOUND, "NotFoundException"),

  // Transactions and time
  TRANSACTION_CONFLICT("40001", 409, ABORTED, "CommitFailedException"),
  TRANSACTION_ABORTED("25P02", 409, FAILED_PRECONDITION, "BadRequestException"),
  NO_ACTIVE_TRANSACTION("25P01", 409, FAILED_PRECONDITION, "BadRequestException"),
  TRANSACTION_ACTIVE("25001", 409, FAILED_PRECONDITION, "BadRequestException"),
  /** As the Iceberg specification has it: clients take another status for a clean failure. */
  COMMIT_OUTCOME_UNKNOWN("08007", 500, UNAVAILABLE, "CommitStateUnknownException"),
  COMMIT_STATE_UNKNOWN("08007", 503, UNAVAILABLE, "CommitStateUnknownException"),
  VERSION_NOT_FOUND("22023", 400, INVALID_ARGUMENT, "BadRequestException"),

  // Resources
  SERVER_BUSY("53300", 503, UNAVAILABLE, "ServiceUnavailableException"),
  OUT_OF_MEMORY("53200", 503, RESOURCE_EXHAUSTED, "ServiceUnavailableException"),
  DISK_FULL("53100", 507, RESOURCE_EXHAUSTED, "ServiceFailureException"),
  QUOTA_OVERCOMMIT("53400", 409, FAILED_PRECONDITION, "BadRequestException"),
  MEMORY_QUOTA_EXCEEDED("53200", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  CONNECTION_QUOTA_EXCEEDED("53300", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  STORAGE_QUOTA_EXCEEDED("53400", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  QPS_QUOTA_EXCEEDED("53400", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  STATEMENT_TIME_QUOTA_EXCEEDED("53400", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  TEMP_DISK_QUOTA_EXCEEDED("53400", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  IDEMPOTENCY_KEY_LIMIT("53400", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  CONNECTION_LIMIT("53300", 429, RESOURCE_EXHAUSTED, "SlowDownException"),
  STATEMENT_CANCELLED("57014", 499, CANCELLED, "ServiceFailureException"),
  STATEMENT_TIMEOUT("57014", 408, DEADLINE_EXCEEDED, "ServiceFailureException"),
  TASK_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  TASK_ENDED("55000", 409, FAILED_PRECONDITION, "BadRequestException"),
  SESSION_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  SESSION_CLOSED("08003", 409, FAILED_PRECONDITION, "NotFoundException"),
  SESSION_KILLED("57P01", 409, FAILED_PRECONDITION, "NotFoundException"),
  SESSION_IDLE_TIMEOUT("57P05", 409, FAILED_PRECONDITION, "NotFoundException"),
  SHUTTING_DOWN("57P01", 503, UNAVAILABLE, "ServiceUnavailableException"),
  INSTANCE_FAILED("58000", 503, UNAVAILABLE, "ServiceUnavailableException"),

  // Sources: other systems, attached under an alias
  SOURCE_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  SOURCE_SECRET_NOT_FOUND("42704", 404, NOT_FOUND, "NotFoundException"),
  SOURCE_DISABLED("55000", 409, FAILED_PRECONDITION, "BadRequestException"),
  SOURCE_UNAVAILABLE("08001", 503, UNAVAILABLE, "ServiceUnavailableException"),
  SOURCE_FAILED("HV000", 502, INTERNAL, "ServiceFailureException"),
  SETUP_FAILED("HV00N", 503, FAILED_PRECONDITION, "ServiceUnavailableException"),
  SECRET_UNRESOLVED("HV00B", 400, FAILED_PRECONDITION, "BadRequestException"),

  // Storage and configuration
  BACKUP_EXISTS("42710", 409, ALREADY_EXISTS, "AlreadyExistsException"),
  BACKUP_INVALID("22023", 400, INVALID_ARGUMENT, "BadRequestException"),
  BACKUP_KEY_MISMATCH("28000", 409, FAILED_PRECONDITION, "BadRequestException"),
  METADATA_FILE_MISSING("58P01", 404, INTERNAL, "NotFoundException"),
  DATA_FILE_MISSING("58P01", 500, INTERNAL, "ServiceFailureException"),
  STORAGE_ERROR("58030", 500, INTERNAL, "ServiceFailureException"),
  METASTORE_UNAVAILABLE("08006", 503, UNAVAILABLE, "ServiceUnavailableException"),
  METASTORE_IN_USE("55006", 409, FAILED_PRECONDITION, "ServiceFailureException"),
  INVALID_CONFIGURATION("F0000", 400, FAILED_PRECONDITION, "BadRequestException"),
  INVALID_YAML("invalid-yaml", "22023", 400, INVALID_ARGUMENT, "BadRequestException"),
  INVALID_MANIFEST("invalid-manifest", "22023", 400, INVALID_ARGUMENT, "BadRequestException"),
  BAD_REQUEST("08P01", 400, INVALID_ARGUMENT, "BadRequestException"),
  NOT_FOUND_PATH("42704", 404, NOT_FOUND, "NotFoundException"),
  METHOD_NOT_ALLOWED("08P01", 405, UNIMPLEMENTED, "UnsupportedOperationException"),
  NOT_ACCEPTABLE("08P01", 406, INVALID_ARGUMENT, "BadRequestException"),
  REQUEST_TIMEOUT("08006", 408, DEADLINE_EXCEEDED, "ServiceFailureException"),
  REQUEST_TOO_LARGE("54000", 413, RESOURCE_EXHAUSTED, "BadRequestException"),
  UNSUPPORTED_MEDIA_TYPE("08P01", 415, INVALID_ARGUMENT, "BadRequestException"),
  INTERNAL_ERROR("XX000", 500, INTERNAL, "InternalServerError");

  private final String symbol;
  private final String sqlState;
  private final int httpStatus;
  private final RpcStatus rpcStatus;
  private final String icebergType;

  ErrorCode(String sqlState, int httpStatus, RpcStatus rpcStatus, String icebergType) {
    this("", sqlState, httpStatus, rpcStatus, icebergType);
  }

  ErrorCode(
      String symbol, String sqlState, int httpStatus, RpcStatus rpcStatus, String icebergType) {
    this.symbol = symbol.isEmpty() ? name() : symbol;
    this.sqlState = sqlState;
    this.httpStatus = httpStatus;
    this.rpcStatus = rpcStatus;
    this.icebergType = icebergType;
  }

  /** The symbolic code that users see. */
  public String symbol() {
    return symbol;
  }

  @Override
  public String toString() {
    return symbol;
  }

  /** Five characters, as in the SQL standard and PostgreSQL's appendix A. */
  public String sqlState() {
    return sqlState;
  }

  public int httpStatus() {
    return httpStatus;
  }

  public RpcStatus rpcStatus() {
    return rpcStatus;
  }

  /** The {@code type} of an Iceberg REST error body. */
  public String icebergType() {
    return icebergType;
  }
}
