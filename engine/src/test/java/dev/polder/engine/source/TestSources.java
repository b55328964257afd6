package dev.polder.engine.source;

import dev.polder.duck.InstanceLimits;
import dev.polder.duck.InstanceSetup;
import dev.polder.duck.NativeThreads;
import dev.polder.engine.SourceProvider;
import dev.polder.federation.Connectors;
import dev.polder.federation.PathRoots;
import dev.polder.federation.SourceClient;
import dev.polder.federation.duckdb.DuckdbConnector;
import dev.polder.federation.duckdb.DuckdbFiles;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Real database files as sources, through a connector and through setup SQL. */
final class TestSources implements SourceProvider, AutoCloseable {
  private final NativeThreads threads = new NativeThreads(4, 100, 16L << 20);
  private final DuckdbFiles files;
  private final Connectors connectors;

  TestSources(Path directory) {
    files = new DuckdbFiles(threads, directory, new InstanceLimits(256L << 20, 2, 256L << 20));
    connectors =
        new Connectors(
            List.of(new DuckdbConnector(files)), new PathRoots(List.of(directory.getParent())));
  }

  @Override
  public SourceClient client(Source source) {
    SourceDefinition definition = source.definition();
    return connectors.open(
        source.alias().value(),
        definition.connector().orElseThrow(),
        definition.properties(),
        definition.readOnly(),
        name -> {
          throw new PolderException(ErrorCode.SECRET_UNRESOLVED, name);
        });
  }

  @Override
  public InstanceSetup setup(Source source) {
    return new InstanceSetup(
        source.alias().value(),
        Arrays.asList(source.definition().setupSql().orElseThrow().split(";", -1)),
        List.of(),
        false,
        (number, message) ->
            new PolderException(
                ErrorCode.SETUP_FAILED,
                "source '" + source.alias() + "', statement " + number + ": " + message));
  }

  @Override
  public void close() {
    files.close();
    threads.close();
  }
}
