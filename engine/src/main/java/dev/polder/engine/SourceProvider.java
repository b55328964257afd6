package dev.polder.engine;

import dev.polder.duck.InstanceSetup;
import dev.polder.federation.SourceClient;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;

/** Makes of a source's definition what reaches it, with its secrets. Thread-safe. */
public interface SourceProvider {
  /** Of a server without connectors. */
  SourceProvider NONE =
      new SourceProvider() {
        @Override
        public SourceClient client(Source source) {
          throw none(source);
        }

        @Override
        public InstanceSetup setup(Source source) {
          throw none(source);
        }

        private PolderException none(Source source) {
          return new PolderException(
              ErrorCode.NOT_SUPPORTED,
              "this server cannot reach source '" + source.alias() + "': it has no connectors");
        }
      };

  /** A client for a source that has a connector; connects to nothing yet. */
  SourceClient client(Source source);

  /** What DuckDB is to run for a source that has setup SQL. */
  InstanceSetup setup(Source source);
}
