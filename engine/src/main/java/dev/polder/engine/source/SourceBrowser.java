package dev.polder.engine.source;

import dev.polder.metastore.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks into sources, for those who administer them: nobody's grants are asked. Calls connect, may
 * take long and fail as {@link dev.polder.federation.SourceClient} does. Thread-safe.
 */
public interface SourceBrowser {
  /** Connects and lists the schemas; what goes wrong is in the answer. */
  Trial test(Source source);

  /**
   * What came of a trial.
   *
   * @param failedStep what was being done when it failed, such as {@code connect} or {@code list
   *     schemas}; empty: nothing failed
   * @param message of the failure, without any secret
   */
  record Trial(
      Duration latency,
      List<String> schemas,
      Optional<String> failedStep,
      Optional<String> message) {
    public Trial {
      schemas = List.copyOf(schemas);
    }
  }

  /** How it stands with the source in the server's running instances. */
  List<Attachment> status(Source source);

  /**
   * A source in one instance.
   *
   * @param instance which one
   * @param attached whether statements there reach it
   * @param stale whether the instance started with an earlier definition
   * @param message what went wrong
   */
  record Attachment(
      String instance,
      boolean attached,
      boolean stale,
      Optional<Instant> since,
      Optional<String> message) {}

  List<String> schemas(Source source);

  /** In order of name. */
  List<Listed> tables(Source source, String schema);

  /** A table or view. */
  record Listed(String name, boolean view) {}

  /**
   * The columns of a table or view.
   *
   * @throws dev.polder.model.PolderException COLLECTION_NOT_FOUND
   */
  List<Column> columns(Source source, String schema, String table);

  /**
   * A column.
   *
   * @param type DuckDB's name of the type that it is read as
   * @param nativeType the source's own name of its type
   */
  record Column(String name, String type, String nativeType, boolean nullable) {}
}
