package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.catalog.NamePage;
import dev.polder.http.Json;
import org.apache.iceberg.catalog.TableIdentifier;

/** Lists of tables and views as the specification spells them. */
final class NameLists {
  private NameLists() {}

  static ObjectNode identifiers(NamePage<TableIdentifier> page) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    page.next().ifPresent(key -> body.put("next-page-token", Call.token(key)));
    ArrayNode all = body.putArray("identifiers");
    for (TableIdentifier name : page.names()) {
      ObjectNode one = all.addObject();
      Call.levels(name.namespace()).forEach(one.putArray("namespace")::add);
      one.put("name", name.name());
    }
    return body;
  }
}
