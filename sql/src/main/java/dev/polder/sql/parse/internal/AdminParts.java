package dev.polder.sql.parse.internal;

import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.sql.parse.Token;
import dev.polder.sql.parse.internal.admin.AdminParser;
import dev.polder.sql.statement.DatabaseStatement.AsOf;
import dev.polder.sql.statement.GrantStatement.GrantedPrivilege;
import dev.polder.sql.statement.GrantTarget;
import dev.polder.sql.statement.Grantee;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.TokenStatement.Expiry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Reads the parts of admin statements: names, literals, privileges, targets. */
final class AdminParts {
  private final Cursor cursor;

  AdminParts(Cursor cursor) {
    this.cursor = cursor;
  }

  String name(AdminParser.NameContext name) {
    cursor.moveTo(name.getStart().getStartIndex());
    return cursor.name("a name");
  }

  String string(TerminalNode node) {
    cursor.moveTo(node.getSymbol().getStartIndex());
    return cursor.string("a text in quotes");
  }

  int integer(TerminalNode node, String what) {
    cursor.moveTo(node.getSymbol().getStartIndex());
    return cursor.integer(what);
  }

  /** The content of a string or quoted name, or the text of anything else. */
  String plain(ParserRuleContext context) {
    cursor.moveTo(context.getStart().getStartIndex());
    if (cursor.token(0).isString()) {
      return cursor.string("a text in quotes");
    }
    if (cursor.atName()) {
      return String.join(".", cursor.path("a name"));
    }
    return cursor
        .slice(context.getStart().getStartIndex(), context.getStop().getStartIndex() + 1)
        .toString();
  }

  String identifier(AdminParser.IdentifierContext identifier) {
    return plain(identifier);
  }

  ObjectName objectName(AdminParser.ObjectNameContext name) {
    cursor.moveTo(name.getStart().getStartIndex());
    return cursor.objectName("a name");
  }

  /** The text within the parentheses. */
  SqlText inner(AdminParser.ExpressionContext expression) {
    return cursor.slice(
        expression.getStart().getStartIndex() + 1, expression.getStop().getStartIndex());
  }

  /** The statement's text with this string replaced. */
  SqlText redacted(TerminalNode string) {
    Token token = cursor.tokens().get(string.getSymbol().getStartIndex());
    return cursor.text().edited(List.of(new SqlText.Edit(token.start(), token.end(), "'***'")));
  }

  PolderException error(ErrorCode code, String message, ParserRuleContext at) {
    cursor.moveTo(at.getStart().getStartIndex());
    return cursor.error(code, message, cursor.token(0).start());
  }

  Grantee grantee(AdminParser.GranteeContext grantee) {
    return switch (grantee) {
      case AdminParser.UserGranteeContext user ->
          new Grantee.User(new PrincipalName(name(user.name())));
      case AdminParser.GroupGranteeContext group ->
          new Grantee.Group(new GroupName(name(group.name())));
      default -> new Grantee.Role(role(((AdminParser.RoleGranteeContext) grantee).roleRef()));
    };
  }

  RoleRef role(AdminParser.RoleRefContext ref) {
    return new RoleRef(
        Optional.ofNullable(ref.database).map(database -> new DatabaseName(name(database))),
        new RoleName(name(ref.role)));
  }

  /** A bare name is a user's. */
  Grantee grantee(AdminParser.DatabaseGranteeContext grantee) {
    return grantee instanceof AdminParser.PlainGranteeContext plain
        ? new Grantee.User(new PrincipalName(name(plain.name())))
        : grantee(((AdminParser.KindOfGranteeContext) grantee).grantee());
  }

  DatabaseRole databaseRole(AdminParser.DatabaseRoleContext role) {
    if (role.DATABASE_OWNER() != null) {
      return DatabaseRole.OWNER;
    }
    return role.DATABASE_EDITOR() != null ? DatabaseRole.EDITOR : DatabaseRole.READER;
  }

  GrantTarget target(AdminParser.TargetContext target) {
    return switch (target) {
      case AdminParser.DatabaseTargetContext database ->
          new GrantTarget.Database(new DatabaseName(name(database.name())));
      case AdminParser.SchemaTargetContext schema -> {
        ObjectName name = objectName(schema.objectName());
        if (name.parts().size() > 2) {
          throw error(
              ErrorCode.SYNTAX_ERROR, "a schema's name has at most two parts", schema.objectName());
        }
        yield new GrantTarget.Schema(name);
      }
      case AdminParser.SourceTargetContext source -> new GrantTarget.Source(name(source.name()));
      case AdminParser.CollectionTargetContext collection ->
          new GrantTarget.Collection(objectName(collection.objectName()));
      default ->
          new GrantTarget.Named(objectName(((AdminParser.NamedTargetContext) target).objectName()));
    };
  }

  List<GrantedPrivilege> privileges(List<AdminParser.PrivilegeContext> contexts) {
    List<GrantedPrivilege> result = new ArrayList<>();
    for (AdminParser.PrivilegeContext context : contexts) {
      String word =
          context.ALL() != null
              ? "ALL"
              : context.CREATE() != null ? "CREATE" : name(context.name());
      Set<Privilege> privileges =
          Privilege.parse(word)
              .orElseThrow(() ->
                  error(
                      ErrorCode.SYNTAX_ERROR,
                      "'"
                          + word
                          + "' is no privilege: use SELECT, INSERT, UPDATE, DELETE, CREATE,"
                          + " ALTER, DROP, RO, RW, DDL or ALL",
                      context));
      List<String> columns =
          context.columnList() == null
              ? List.of()
              : context.columnList().name().stream().map(this::name).toList();
      result.add(new GrantedPrivilege(privileges, columns));
    }
    return List.copyOf(result);
  }

  /** Empty: the newest. A time without a zone is in UTC. */
  Optional<AsOf> asOf(AdminParser.AsOfContext asOf) {
    return switch (asOf) {
      case AdminParser.AsOfTimeContext time ->
          Optional.of(
              new AsOf.Time(
                  Expiries.instantOf(string(time.STRING()))
                      .orElseThrow(() ->
                          error(
                              ErrorCode.SYNTAX_ERROR,
                              "write the time as '2030-01-31 12:00:00+00' or in milliseconds",
                              asOf))));
      case AdminParser.AsOfMillisContext millis ->
          Optional.of(new AsOf.Time(Instant.ofEpochMilli(number(millis.NUMBER(), asOf))));
      case AdminParser.AsOfVersionContext version ->
          Optional.of(new AsOf.Version(number(version.NUMBER(), asOf)));
      default -> Optional.empty();
    };
  }

  private long number(TerminalNode node, ParserRuleContext at) {
    try {
      return Long.parseLong(node.getText());
    } catch (NumberFormatException e) {
      throw error(ErrorCode.SYNTAX_ERROR, node.getText() + " is not a whole number", at);
    }
  }

  Expiry expiry(AdminParser.ExpiryContext expiry) {
    String text = string(expiry.STRING());
    boolean at = expiry.AT() != null || expiry.TIMESTAMP() != null;
    return Expiries.parse(text, at)
        .orElseThrow(() ->
            error(
                ErrorCode.SYNTAX_ERROR,
                at
                    ? "write the time as '2030-01-31 12:00:00+00'"
                    : "write the time span as '30 days', '12 hours' or '15 minutes'",
                expiry));
  }
}
