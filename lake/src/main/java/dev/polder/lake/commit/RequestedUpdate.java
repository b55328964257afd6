package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import java.util.List;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.UpdateRequirement;

/**
 * What another engine asks to be done to one table. Immutable.
 *
 * @param table for one that is created, its name, schema and id
 * @param requirements must hold for the table as it is when the commit lands
 */
public record RequestedUpdate(
    LakeCollection table,
    boolean created,
    List<UpdateRequirement> requirements,
    List<MetadataUpdate> updates) {
  public RequestedUpdate {
    requirements = List.copyOf(requirements);
    updates = List.copyOf(updates);
  }
}
