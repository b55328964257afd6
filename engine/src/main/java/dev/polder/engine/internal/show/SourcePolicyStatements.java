package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourcePolicy;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.RoleRef;
import dev.polder.model.SpaceKey;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.SourcePolicyAdministration;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.SqlText;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Row filters and column masks on tables of sources. A source need not be there when its policies
 * are made, so that an expression is proven to be one, but not on the table's columns: where it
 * does not fit these, the table cannot be read. Stateless.
 */
final class SourcePolicyStatements {
  private SourcePolicyStatements() {}

  /** The table of a source that a name means, for those who may have policies on it. */
  static Optional<SourceObject> table(Work work, ObjectName name) {
    return work.read(tx -> {
      Optional<SourceObject> found = new SourceNames(work, tx).table(name, Optional.empty());
      found.ifPresent(
          on -> SourcePolicyAdministration.on(tx, work.actor(), on.source().space(), on.table()));
      return found;
    });
  }

  /**
   * Creates a row filter, or a mask where a column is given.
   *
   * @param orReplace in place of one of that name
   */
  static Result create(
      Work work,
      SourceObject on,
      Optional<String> column,
      String name,
      boolean orReplace,
      Optional<RoleRef> role,
      SqlText text) {
    String expression = text.toString();
    Set<String> columns = new HashSet<>();
    column.map(it -> it.toLowerCase(Locale.ROOT)).ifPresent(columns::add);
    work.context().engine().policyExpression().check(expression, columns);
    PolicyKind kind = column.isPresent() ? PolicyKind.COLUMN_MASK : PolicyKind.ROW_FILTER;
    work.write(tx -> {
      if (orReplace && find(tx, on, kind, name).isPresent()) {
        SourcePolicyAdministration.drop(tx, work.actor(), on.source(), on.table(), name);
      }
      return SourcePolicyAdministration.create(
          tx, work.actor(), on.source(), on.table(), column, name, role, expression);
    });
    return work.done();
  }

  static Result drop(Work work, SourceObject on, PolicyKind kind, String name, boolean ifExists) {
    return work.change(
        ifExists,
        ErrorCode.POLICY_NOT_FOUND,
        tx -> {
          if (find(tx, on, kind, name).isEmpty()) {
            throw new PolderException(
                ErrorCode.POLICY_NOT_FOUND,
                PolicyStatements.word(kind) + " '" + name + "' does not exist on " + on);
          }
          SourcePolicyAdministration.drop(tx, work.actor(), on.source(), on.table(), name);
          return name;
        });
  }

  private static Optional<SourcePolicy> find(
      MetastoreTransaction tx, SourceObject on, PolicyKind kind, String name) {
    return tx.sourcePolicies().find(on.table(), name).filter(policy -> policy.kind() == kind);
  }

  /** Adds those on one table. */
  static void add(Work work, MetastoreTransaction tx, SourceObject on, Table shown) {
    SpaceKey space = on.source().space();
    add(tx, SourcePolicyAdministration.on(tx, work.actor(), space, on.table()), shown);
  }

  /** Adds all of a space. */
  static void addAll(Work work, MetastoreTransaction tx, SpaceKey space, Table shown) {
    add(tx, SourcePolicyAdministration.all(tx, work.actor(), space), shown);
  }

  private static void add(MetastoreTransaction tx, List<SourcePolicy> policies, Table shown) {
    for (SourcePolicy policy : policies) {
      Optional<Source> source = tx.sources().find(policy.table().source());
      shown.add(
          policy.name(),
          policy.kind().name(),
          source.map(found -> found.alias() + "." + policy.table().schema()).orElse(null),
          policy.table().table(),
          policy.column().orElse(null),
          policy
              .role()
              .flatMap(tx.roles()::find)
              .map(role -> GrantAdministration.ref(tx, role).toString())
              .orElse(null),
          policy.expression());
    }
  }
}
