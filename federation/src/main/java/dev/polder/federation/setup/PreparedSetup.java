package dev.polder.federation.setup;

import dev.polder.duck.Sql;
import dev.polder.federation.setup.internal.Scrubbing;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an instance runs to attach a source: SQL that holds secrets, and the words for its failure,
 * that hold none. Immutable.
 */
public final class PreparedSetup {
  private static final Pattern NOT_FOUND =
      Pattern.compile(
          "Extension \"[^\"]*?/(v[^/\"]+/[^/\"]+/[A-Za-z0-9_]+\\.duckdb_extension)\" not found");
  private static final Pattern NOT_DOWNLOADED =
      Pattern.compile(
          "Failed to download extension \"[^\"]*\" at URL"
              + " \"[^\"]*?/(v[^/\"]+/[^/\"]+/[A-Za-z0-9_]+\\.duckdb_extension)");
  private static final Pattern NOT_LOADED =
      Pattern.compile("exists in the ([A-Za-z0-9_]+) extension");

  private final String alias;
  private final List<Step> steps;
  private final List<String> paths;
  private final List<String> hidden;
  private final @Nullable Path extensionDirectory;

  PreparedSetup(
      String alias,
      List<Step> steps,
      List<String> paths,
      List<String> hidden,
      @Nullable Path extensionDirectory) {
    this.alias = alias;
    this.steps = List.copyOf(steps);
    this.paths = List.copyOf(paths);
    this.hidden = List.copyOf(hidden);
    this.extensionDirectory = extensionDirectory;
  }

  /**
   * A statement to run; prints none of it.
   *
   * @param number its place in the text as written, from 1; 0 for what the server adds
   */
  public record Step(int number, String sql) {
    static Step extensions(Path directory) {
      return new Step(
          0, "SET extension_directory = " + Sql.literal(directory.toAbsolutePath().toString()));
    }

    @Override
    public String toString() {
      return "Step[" + number + "]";
    }
  }

  /** What to run, in order. */
  public List<Step> steps() {
    return steps;
  }

  /** The SQL of the steps. */
  public List<String> statements() {
    return steps.stream().map(Step::sql).toList();
  }

  /** The files, directories and prefixes that what is attached reads and writes afterwards. */
  public List<String> paths() {
    return paths;
  }

  /**
   * What to tell when a statement failed.
   *
   * @param position in {@link #statements()}, from 1
   */
  public PolderException failure(int position, String message) {
    return failure(steps.get(position - 1), message);
  }

  /**
   * What to tell when a step failed: the source, the statement's number and DuckDB's message
   * without any secret, and how to provide an extension that was not found.
   *
   * @param message DuckDB's, as text or JSON
   */
  public PolderException failure(Step step, String message) {
    String said = Scrubbing.scrubbed(message, hidden);
    return new PolderException(
        ErrorCode.SETUP_FAILED,
        "source '"
            + alias
            + "' cannot be attached: "
            + (step.number() == 0
                ? "the extension directory cannot be set"
                : "statement " + step.number() + " of its setupSql failed")
            + ": "
            + said
            + advice(said));
  }

  private String advice(String said) {
    Matcher missing = NOT_FOUND.matcher(said);
    Matcher undelivered = NOT_DOWNLOADED.matcher(said);
    String file =
        missing.find() ? missing.group(1) : undelivered.find() ? undelivered.group(1) : null;
    if (file != null) {
      return extensionDirectory == null
          ? ". To do without a download, put the extension's file at <directory>/"
              + file
              + " and set the source's extensionDirectory to <directory>"
          : ". Put the extension's file, of exactly this version and platform, at "
              + extensionDirectory.toAbsolutePath().resolve(file);
    }
    Matcher unloaded = NOT_LOADED.matcher(said);
    if (unloaded.find()) {
      return ". Write INSTALL "
          + unloaded.group(1)
          + "; LOAD "
          + unloaded.group(1)
          + "; before it in the setupSql";
    }
    return "";
  }
}
