package dev.polder.sql.authorise;

import dev.polder.model.SchemaName;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.statement.SqlText;
import java.util.List;

/**
 * A query of which every function is allowed and every name is resolved to something that may be
 * read. Made by {@link Authorizer} only; valid for the metastore transaction it was made in.
 * Immutable.
 */
public final class AuthorizedQuery {
  private final SqlText text;
  private final Analysis analysis;
  private final SchemaName schema;
  private final List<ResolvedReference> references;

  AuthorizedQuery(
      SqlText text, Analysis analysis, SchemaName schema, List<ResolvedReference> references) {
    this.text = text;
    this.analysis = analysis;
    this.schema = schema;
    this.references = List.copyOf(references);
  }

  public SqlText text() {
    return text;
  }

  public Analysis analysis() {
    return analysis;
  }

  /** The schema of unqualified names. */
  public SchemaName schema() {
    return schema;
  }

  /** One for each of {@link Analysis#tables()}, in the same order. */
  public List<ResolvedReference> references() {
    return references;
  }
}
