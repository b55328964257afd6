package dev.polder.sql.bind;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.FunctionPolicy;
import dev.polder.sql.analyse.FunctionReference;
import dev.polder.sql.analyse.QualifiedColumn;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.SqlText.Edit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Edits of a query's text that send table references to other names: the name's own tokens are
 * replaced, the alias is written out, the AT clause goes. For one query.
 */
final class ReferenceEdits {
  private final AuthorizedQuery query;
  private final List<Edit> edits = new ArrayList<>();
  private final List<TableReference> redirected = new ArrayList<>();

  ReferenceEdits(AuthorizedQuery query) {
    this.query = query;
  }

  /**
   * Sends a reference elsewhere.
   *
   * @param name the new name, quoted
   */
  void redirect(TableReference reference, String name) {
    Span span = reference.span().orElseThrow(() -> unlocated(reference));
    String text = query.text().toString();
    List<Token> tokens = Lexer.tokens(text.substring(span.start(), span.end()));
    int nameTokens = 2 * reference.name().parts().size() - 1;
    int nameEnd = span.start() + tokens.get(nameTokens - 1).end();
    String alias =
        reference.alias().isPresent() ? "" : " AS " + SqlNames.quote(reference.name().last());
    edits.add(new Edit(span.start(), nameEnd, name + alias));
    reference
        .at()
        .ifPresent(at -> {
          Span clause = at.span().orElseThrow(() -> unlocated(reference));
          edits.add(new Edit(clause.start(), clause.end(), ""));
        });
    redirected.add(reference);
  }

  /** The text with all edits made. */
  SqlText apply() {
    query.analysis().functions().stream()
        .filter(function -> function.schema().equals(FunctionPolicy.PG_CATALOG))
        .forEach(this::withoutSchema);
    for (QualifiedColumn column : query.analysis().qualifiedColumns()) {
      redirected.stream()
          .filter(reference -> reference.alias().isEmpty())
          .filter(reference -> qualifier(reference, column) > 0)
          .findFirst()
          .ifPresent(reference -> unqualify(reference, column));
    }
    edits.sort(Comparator.comparingInt(Edit::start));
    return query.text().edited(edits);
  }

  /** DuckDB has most functions in another schema, and some that the session answers in this. */
  private void withoutSchema(FunctionReference function) {
    Span span = function.span().orElseThrow(() -> misplaced(function));
    List<Token> tokens = Lexer.tokens(query.text().toString().substring(span.start(), span.end()));
    boolean plain =
        tokens.size() > 2
            && tokens.get(0).value().equalsIgnoreCase(FunctionPolicy.PG_CATALOG)
            && tokens.get(1).text().equals(".");
    if (!plain) {
      throw misplaced(function);
    }
    edits.add(new Edit(span.start(), span.start() + tokens.get(2).start(), ""));
  }

  private static PolderException misplaced(FunctionReference function) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED, "write " + function.name() + " without pg_catalog before it");
  }

  /**
   * How many leading parts of the column are the reference's qualified name, with or without its
   * database; 0 when they are something else.
   */
  private static int qualifier(TableReference reference, QualifiedColumn column) {
    List<String> name = reference.name().parts();
    for (int length = name.size(); length >= 2; length--) {
      List<String> written = name.subList(name.size() - length, name.size());
      if (column.parts().size() > length && matches(written, column.parts())) {
        return length;
      }
    }
    return 0;
  }

  private static boolean matches(List<String> name, List<String> parts) {
    for (int i = 0; i < name.size(); i++) {
      if (!name.get(i).equalsIgnoreCase(parts.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Leaves the table's own name as the only qualifier. */
  private void unqualify(TableReference reference, QualifiedColumn column) {
    Span span = column.span().orElseThrow(() -> unlocated(reference));
    List<Token> tokens = Lexer.tokens(query.text().toString().substring(span.start(), span.end()));
    int kept = 2 * (qualifier(reference, column) - 1);
    edits.add(new Edit(span.start(), span.start() + tokens.get(kept).start(), ""));
  }

  private static PolderException unlocated(TableReference reference) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        reference.name() + " cannot be read in this form; write SELECT * FROM " + reference.name());
  }
}
