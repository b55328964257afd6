package dev.polder.sql.statement;

import dev.polder.model.PrincipalName;
import dev.polder.model.TokenId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Personal tokens and API keys. */
public sealed interface TokenStatement extends AdminStatement {
  /** CREATE TOKEN, CREATE API KEY; empty user: the session's own. */
  record CreateToken(
      SqlText text, Kind kind, String name, Optional<PrincipalName> user, Optional<Expiry> expiry)
      implements TokenStatement {}

  record RevokeToken(SqlText text, TokenId token) implements TokenStatement {}

  record ShowTokens(SqlText text, Optional<PrincipalName> user) implements TokenStatement {}

  /** What is made. */
  enum Kind {
    TOKEN,
    API_KEY
  }

  /** When a token ends. */
  sealed interface Expiry {
    record In(Duration duration) implements Expiry {}

    record At(Instant time) implements Expiry {}
  }
}
