package dev.polder.engine.internal.source;

import dev.polder.engine.SourceProvider;
import dev.polder.engine.internal.instance.Setups;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.source.Source;
import dev.polder.model.SpaceKey;
import java.util.List;

/** The sources of a space that DuckDB itself attaches, when an instance starts. Thread-safe. */
public final class SourceSetups implements Setups {
  private final Metastore metastore;
  private final SourceProvider provider;

  public SourceSetups(Metastore metastore, SourceProvider provider) {
    this.metastore = metastore;
    this.provider = provider;
  }

  @Override
  public Object version(SpaceKey space) {
    return version(sources(space));
  }

  @Override
  public Setup of(SpaceKey space) {
    List<Source> sources = sources(space);
    return new Setup(version(sources), sources.stream().map(provider::setup).toList());
  }

  /** By alias: setups run in this order. */
  private List<Source> sources(SpaceKey space) {
    return metastore.read(tx -> tx.sources().list(space)).stream()
        .filter(source -> source.definition().setupSql().isPresent())
        .filter(source -> !source.definition().disabled())
        .toList();
  }

  private static Object version(List<Source> sources) {
    return sources.stream().map(source -> source.id() + "@" + source.revision()).toList();
  }
}
