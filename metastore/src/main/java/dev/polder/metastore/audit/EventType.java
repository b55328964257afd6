package dev.polder.metastore.audit;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the audit trail tells of: a closed list. In SQL, JSON and the stored chain each is written
 * as its {@link #word}, which never changes, for the hashes hold it.
 */
public enum EventType {
  DATABASE_CREATED,
  DATABASE_DROPPED,
  DATABASE_UNDROPPED,
  DATABASE_RENAMED,
  /** What clients keep beside it. */
  DATABASE_CHANGED,
  DATABASE_QUOTA_CHANGED,
  TENANT_QUOTA_CHANGED,
  GLOBAL_QUOTA_CHANGED,
  DATABASE_CLONED,
  DATABASE_RESET,
  DATABASE_MATERIALIZED,
  DATABASE_MIRRORED,
  DATABASE_PROMOTED,
  /** The mirror of another server, which commits wait for. */
  MIRROR_ATTACHED,
  MIRROR_DETACHED,
  /** A commit went on without a synchronous mirror. */
  MIRROR_DEGRADED,
  MIRROR_RECOVERED,
  /** A whole state of it was given out to a mirror on another server. */
  DATABASE_SENT,
  /**
   * From here on somebody has a whole state of it in hand; whether it was completed is told next.
   */
  DATABASE_BACKUP_STARTED,
  DATABASE_BACKED_UP,
  DATABASE_RESTORED,
  TENANT_MOVED,
  /** Not moved after all: the phase it came to, and why. */
  TENANT_MOVE_UNDONE,
  /** A tenant has a space in the database now. */
  TENANT_ADDED,
  /** A tenant's empty space in the database is gone. */
  TENANT_REMOVED,
  AUDIT_DML_CHANGED,
  IDLE_TIMEOUT_CHANGED,
  DEFAULT_DATABASE_CHANGED,
  CLUSTER_CREATED,
  /** Its address, its token or both; the token is never told. */
  CLUSTER_CHANGED,
  CLUSTER_DROPPED,
  TENANT_CREATED,
  TENANT_DROPPED,
  USER_CREATED,
  /** What clients keep beside it. */
  USER_CHANGED,
  USER_DROPPED,
  PASSWORD_CHANGED,
  USER_DISABLED,
  USER_ENABLED,
  SUPERUSER_CHANGED,
  GROUP_CREATED,
  GROUP_DROPPED,
  MEMBER_ADDED,
  MEMBER_REMOVED,
  ROLE_CREATED,
  /** What clients keep beside it. */
  ROLE_CHANGED,
  ROLE_DROPPED,
  ROLE_GRANTED,
  ROLE_REVOKED,
  /** A privilege on an object, or a role on a database. */
  PRIVILEGE_GRANTED,
  PRIVILEGE_REVOKED,
  POLICY_CREATED,
  POLICY_DROPPED,
  TOKEN_CREATED,
  TOKEN_REVOKED,
  /** Whose tokens tell who a tenant's principals are; also where another one was before. */
  IDENTITY_PROVIDER_SET,
  IDENTITY_PROVIDER_DROPPED,
  CREDENTIAL_CREATED,
  CREDENTIAL_ROTATED,
  CREDENTIAL_RESET,
  SOURCE_CREATED,
  /** Its definition; neither SQL nor properties are told. */
  SOURCE_CHANGED,
  SOURCE_DROPPED,
  SOURCE_SECRET_SET,
  SOURCE_SECRET_DELETED,
  /** The whole control plane, with the hashes of passwords. */
  MANIFEST_EXPORTED,
  MANIFEST_IMPORTED,
  SCHEMA_CREATED,
  SCHEMA_ALTERED,
  SCHEMA_DROPPED,
  TABLE_CREATED,
  TABLE_ALTERED,
  TABLE_DROPPED,
  VIEW_CREATED,
  VIEW_ALTERED,
  VIEW_DROPPED,
  /** A statement that changed rows or read them; how much of that is kept is the database's. */
  DML,
  PERMISSION_DENIED,
  LOGIN_FAILED,
  /** Ended by KILL SESSION. */
  SESSION_REVOKED,
  /** Ended by KILL QUERY. */
  STATEMENT_CANCELLED,
  /** Background work that somebody ended. */
  TASK_CANCELLED,
  SESSION_IDLE_TIMEOUT;

  private static final Map<String, EventType> BY_WORD =
      Stream.of(values()).collect(Collectors.toMap(EventType::word, Function.identity()));

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<EventType> parse(String word) {
    return Optional.ofNullable(BY_WORD.get(word.toLowerCase(Locale.ROOT)));
  }
}
