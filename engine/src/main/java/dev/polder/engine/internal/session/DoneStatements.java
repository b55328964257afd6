package dev.polder.engine.internal.session;

import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a transaction's statements did, for the audit trail: those that are alike count as one, in
 * the order of their first. Of many different ones the texts are given up, then more are refused,
 * so that the memory is bounded. Guarded by the session's statement lock.
 */
public final class DoneStatements {
  static final int WITH_DIGEST = 1_000;
  static final int DIFFERENT = 10_000;

  private record Kind(String operation, String digest, List<String> tables, boolean told) {}

  private final Map<Kind, AuditedStatement> kinds = new LinkedHashMap<>();

  /**
   * Adds one.
   *
   * @param told whether the trail was told of it already, apart from a commit
   */
  public void add(AuditedStatement done, boolean told) {
    if (kinds.size() >= WITH_DIGEST && !kinds.containsKey(kind(done, told))) {
      put(done.withoutDigest(), told);
    } else {
      put(done, told);
    }
  }

  private void put(AuditedStatement done, boolean told) {
    Kind kind = kind(done, told);
    if (kinds.size() >= DIFFERENT && !kinds.containsKey(kind)) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "the transaction has changed too many different tables for one audit trail; do it in"
              + " several transactions");
    }
    kinds.merge(kind, done, AuditedStatement::and);
  }

  private static Kind kind(AuditedStatement done, boolean told) {
    return new Kind(done.operation(), done.digest(), done.tables(), told);
  }

  public List<AuditedStatement> all() {
    return List.copyOf(kinds.values());
  }

  /** Those that the trail was not told of yet. */
  public List<AuditedStatement> untold() {
    return kinds.entrySet().stream()
        .filter(entry -> !entry.getKey().told())
        .map(Map.Entry::getValue)
        .toList();
  }
}
