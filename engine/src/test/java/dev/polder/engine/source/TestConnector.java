package dev.polder.engine.source;

import dev.polder.federation.Connector;
import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.List;

/** A connector by name and properties; what it is for cannot be reached. */
record TestConnector(String name, List<ConnectorProperty> properties) implements Connector {
  @Override
  public SourceClient open(SourceSettings settings) {
    throw new PolderException(
        ErrorCode.SOURCE_UNAVAILABLE, "source '" + settings.alias() + "' cannot be reached");
  }
}
