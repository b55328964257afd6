package dev.polder.duck;

import dev.polder.model.PolderException;
import java.util.List;

/**
 * What an instance attaches before its sandbox closes, in the words of one of its owners. Immutable
 * but for what {@link Failure} does.
 *
 * @param name whose it is
 * @param statements run in order; the first that fails ends the setup
 * @param allowedPaths what its catalogs read and write later: files, directories, prefixes
 * @param optional a failure leaves only this out; else the instance does not start
 */
public record InstanceSetup(
    String name,
    List<String> statements,
    List<String> allowedPaths,
    boolean optional,
    Failure failure) {
  public InstanceSetup {
    statements = List.copyOf(statements);
    allowedPaths = List.copyOf(allowedPaths);
  }

  /** Words a failure; what DuckDB says may hold what nobody may see. */
  @FunctionalInterface
  public interface Failure {
    /**
     * The error to show.
     *
     * @param statement from 1
     * @param message DuckDB's
     */
    PolderException of(int statement, String message);
  }
}
