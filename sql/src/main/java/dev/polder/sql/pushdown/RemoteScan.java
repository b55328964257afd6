package dev.polder.sql.pushdown;

import dev.polder.sql.remote.RemoteQuery;
import java.util.List;

/**
 * What one reference asks of its source. The query's outputs are columns of the table under their
 * own names; it may give more rows than the user's text lets pass, which runs on them unchanged.
 *
 * @param reference {@code TableReference#index}
 * @param leakProof whether no condition can fail, so that no message tells of a hidden row
 * @param notes what is left to DuckDB, and why
 */
public record RemoteScan(int reference, RemoteQuery query, boolean leakProof, List<String> notes) {
  public RemoteScan {
    notes = List.copyOf(notes);
  }
}
