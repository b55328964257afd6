package dev.polder.sql.parse.internal;

import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;

/** Gives each {@code ?} its number, so that a text's parts can be put in another order. */
public final class PositionalParameters {
  private PositionalParameters() {}

  /** With {@code $1}, {@code $2} … for {@code ?}; as it is when it has other parameters too. */
  public static SqlText numbered(SqlText text, List<Token> tokens) {
    List<SqlText.Edit> edits = new ArrayList<>();
    for (Token token : tokens) {
      if (token.kind() == Token.Kind.PARAMETER) {
        if (token.length() > 1) {
          return text;
        }
        edits.add(new SqlText.Edit(token.start(), token.end(), "$" + (edits.size() + 1)));
      }
    }
    return text.edited(edits);
  }
}
