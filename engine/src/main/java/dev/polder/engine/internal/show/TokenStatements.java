package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Token;
import dev.polder.metastore.access.TokenKind;
import dev.polder.model.PrincipalName;
import dev.polder.policy.IssuedToken;
import dev.polder.policy.admin.TokenAdministration;
import dev.polder.sql.statement.TokenStatement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Personal tokens and API keys. A token's text is in the row of its creation alone. Stateless. */
final class TokenStatements {
  static final List<Header> CREATED =
      List.of(Table.text("id"), Table.text("token"), Table.time("expires_at"));
  static final List<Header> COLUMNS =
      List.of(
          Table.text("id"),
          Table.text("name"),
          Table.text("user"),
          Table.text("kind"),
          Table.time("created_at"),
          Table.time("expires_at"),
          Table.flag("revoked"),
          Table.time("last_used_at"));

  private TokenStatements() {}

  static Result run(Work work, TokenStatement statement) {
    return switch (statement) {
      case TokenStatement.CreateToken create -> create(work, create);
      case TokenStatement.RevokeToken revoke -> {
        work.write(tx -> {
          TokenAdministration.revoke(tx, work.actor(), revoke.token());
          return revoke;
        });
        yield work.done();
      }
      case TokenStatement.ShowTokens show -> show(work, show.user().orElse(work.actor().name()));
    };
  }

  private static Result create(Work work, TokenStatement.CreateToken create) {
    TokenKind kind =
        switch (create.kind()) {
          case TOKEN -> TokenKind.PERSONAL;
          case API_KEY -> TokenKind.API_KEY;
        };
    IssuedToken token =
        work.write(tx ->
            TokenAdministration.issue(
                tx,
                work.actor(),
                create.user().orElse(work.actor().name()),
                kind,
                create.name(),
                create.expiry().map(expiry -> end(tx, expiry))));
    Table row = Table.of(CREATED);
    row.add(
        token.id().value(),
        token.text().reveal(),
        token.expiresAt().map(TokenStatements::micros).orElse(null));
    return row.answer(work.context());
  }

  private static Instant end(MetastoreTransaction tx, TokenStatement.Expiry expiry) {
    return switch (expiry) {
      case TokenStatement.Expiry.In(var duration) ->
          Instant.EPOCH.plus(tx.now(), ChronoUnit.MICROS).plus(duration);
      case TokenStatement.Expiry.At(var time) -> time;
    };
  }

  private static Long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static Result show(Work work, PrincipalName user) {
    Table table =
        work.read(tx -> {
          Table rows = Table.of(COLUMNS);
          Work.<Token>each(
              after -> TokenAdministration.list(tx, work.actor(), user, after, Page.MAX_LIMIT),
              token -> add(rows, user, token));
          return rows;
        });
    return table.answer(work.context());
  }

  /** Those that logins made come and go by themselves and are not shown. */
  private static void add(Table rows, PrincipalName user, Token token) {
    if (token.kind() != TokenKind.SESSION) {
      rows.add(
          token.id().value(),
          token.name(),
          user.value(),
          token.kind().name(),
          token.createdAt(),
          value(token.expiresAt()),
          token.revokedAt().isPresent(),
          value(token.lastUsedAt()));
    }
  }

  private static @Nullable Long value(OptionalLong time) {
    return time.isPresent() ? Long.valueOf(time.getAsLong()) : null;
  }
}
