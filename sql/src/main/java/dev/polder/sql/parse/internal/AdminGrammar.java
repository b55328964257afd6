package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.internal.admin.AdminParser;
import dev.polder.sql.statement.AdminStatement;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.jspecify.annotations.Nullable;

/** Runs the admin grammar over a statement's tokens. */
final class AdminGrammar {
  /** What the grammar reads at once, in a fraction of a second. */
  private static final int MOST_TOKENS = 10_000;

  private AdminGrammar() {}

  static AdminStatement parse(Cursor cursor) {
    int tokens = cursor.tokens().size();
    if (tokens > MOST_TOKENS) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_LARGE,
          "an administrative statement has at most "
              + MOST_TOKENS
              + " words and signs, and this one "
              + tokens
              + "; split it");
    }
    AdminParser parser = new AdminParser(new CommonTokenStream(AdminTokens.of(cursor)));
    parser.removeErrorListeners();
    parser.addErrorListener(new Refusal(cursor));
    AdminParser.CommandContext command = parser.statement().command();
    return new AdminBuilder(cursor, command).build();
  }

  /** Ends the parse at the first error. */
  private static final class Refusal extends BaseErrorListener {
    private final Cursor cursor;

    Refusal(Cursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        @Nullable Object offendingSymbol,
        int line,
        int column,
        String message,
        @Nullable RecognitionException e) {
      if (offendingSymbol instanceof org.antlr.v4.runtime.Token token) {
        cursor.moveTo(token.getStartIndex());
        throw cursor.unexpected(
            ExpectedTokens.at(cursor, token.getStartIndex(), String.valueOf(token.getText())));
      }
      throw cursor.unexpected("something else here");
    }
  }
}
