package dev.polder.server.shell;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;

/** Lets the reader go on to the next line until a statement is complete. */
final class StatementParser implements Parser {
  private final DefaultParser words = new DefaultParser();

  StatementParser() {
    // SQL's quotes and escapes are not a shell's: they must not stop the reader from splitting.
    words.setQuoteChars(new char[0]);
    words.setEscapeChars(new char[0]);
    words.setEofOnUnclosedQuote(false);
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && !isComplete(line)) {
      throw new EOFError(-1, cursor, "the statement is not complete", "");
    }
    return words.parse(line, cursor, ParseContext.COMPLETE);
  }

  static boolean isComplete(String text) {
    String line = text.strip();
    if (line.isEmpty() || line.startsWith("\\")) {
      return true;
    }
    StatementSplitter.Split split = StatementSplitter.split(text);
    return !split.open() && split.rest().isBlank();
  }
}
