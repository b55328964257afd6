package dev.polder.sql.bind;

import dev.polder.sql.authorise.AttachedSource;
import dev.polder.sql.remote.RemoteQuery;
import java.util.List;
import java.util.Optional;

/**
 * Something that a statement reads from a source: before it runs, the answer must be found in its
 * session under a name.
 *
 * @param name of the temporary table or view that the text reads, unique in the statement
 * @param query what the source is asked; its outputs are the columns
 * @param policies the output list and condition, over the columns, of the row filters and masks;
 *     then the rows are to be materialised under them before the user's text sees any
 * @param notes what the source is not asked, and why
 */
public record SourceScan(
    String name,
    AttachedSource source,
    RemoteQuery query,
    Optional<Policies> policies,
    List<String> notes) {
  public SourceScan {
    notes = List.copyOf(notes);
  }

  /**
   * What the principal may see of the rows.
   *
   * @param list the columns to show, masked ones as expressions
   * @param condition empty: all rows
   */
  public record Policies(String list, Optional<String> condition) {}

  /** How texts name it. */
  public String reference() {
    return reference(name);
  }

  static String reference(String name) {
    return "temp.main." + SqlNames.quote(name);
  }
}
