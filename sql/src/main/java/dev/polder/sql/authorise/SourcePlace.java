package dev.polder.sql.authorise;

/**
 * A schema of a source as the place of unqualified names.
 *
 * @param alias the source's
 */
public record SourcePlace(String alias, String schema) {
  @Override
  public String toString() {
    return alias + "." + schema;
  }
}
