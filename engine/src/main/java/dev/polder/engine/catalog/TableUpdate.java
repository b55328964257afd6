package dev.polder.engine.catalog;

import java.util.List;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.catalog.TableIdentifier;

/** What another engine asks to be done to one table or view. Immutable. */
public record TableUpdate(
    TableIdentifier name, List<UpdateRequirement> requirements, List<MetadataUpdate> updates) {
  public TableUpdate {
    requirements = List.copyOf(requirements);
    updates = List.copyOf(updates);
  }

  /** Whether the table is to be made by this. */
  public boolean creates() {
    return requirements.stream()
        .anyMatch(UpdateRequirement.AssertTableDoesNotExist.class::isInstance);
  }
}
