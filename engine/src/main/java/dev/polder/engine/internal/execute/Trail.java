package dev.polder.engine.internal.execute;

import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.policy.Identity;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.parse.StatementDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a statement named and did, for the database's audit trail. What changed rows goes with the
 * commit, what read them is told by itself. For one statement.
 */
public final class Trail {
  private final Set<String> tables = new LinkedHashSet<>();
  private Optional<AuditedStatement> change = Optional.empty();

  /** Takes note of a table or view that the statement names. */
  public void names(String table) {
    tables.add(table);
  }

  void names(List<ResolvedReference> references) {
    for (ResolvedReference reference : references) {
      switch (reference) {
        case ResolvedReference.Table table -> tables.add(table.entry().ref().toString());
        case ResolvedReference.View view -> tables.add(view.entry().ref().toString());
        case ResolvedReference.Metadata metadata -> {
          // What the server says of itself is no table of anybody's.
        }
      }
    }
  }

  /** Says that the statement changed rows, or looked for rows to change. */
  public void changed(StatementContext context, String operation, String text, long rows) {
    change = Optional.of(statement(context, operation, text, rows));
  }

  Optional<AuditedStatement> change() {
    return change;
  }

  /** Tells of a statement that read rows, if the database keeps those. */
  public void read(StatementContext context, String operation, String text, long rows) {
    if (context.session().auditDml().keepsReads()) {
      tell(context, statement(context, operation, text, rows));
    }
  }

  /** Tells of a statement that is part of no commit. */
  static void tell(StatementContext context, AuditedStatement statement) {
    context
        .engine()
        .auditLog()
        .happened(statement.in(context.session().space(), OptionalLong.empty()));
  }

  private AuditedStatement statement(
      StatementContext context, String operation, String text, long rows) {
    Identity identity = context.session().identity();
    return new AuditedStatement(
        Optional.of(identity.name()),
        Optional.of(identity.id()),
        operation,
        StatementDigest.of(text),
        rows,
        List.copyOf(tables));
  }
}
