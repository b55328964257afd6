package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.polder.engine.catalog.NamePage;
import dev.polder.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/** Lists of tables and views as the specification spells them. */
final class NameLists {
  private static final Bodies<NamePage<TableIdentifier>> BODIES = new Bodies<>(NameLists::write);

  private NameLists() {}

  static byte[] identifiers(NamePage<TableIdentifier> page) {
    return BODIES.of(page);
  }

  private static byte[] write(NamePage<TableIdentifier> page) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.generator(body)) {
      json.writeStartObject();
      Optional<String> next = page.next();
      if (next.isPresent()) {
        json.writeStringField("next-page-token", Call.token(next.get()));
      }
      json.writeArrayFieldStart("identifiers");
      for (TableIdentifier name : page.names()) {
        json.writeStartObject();
        json.writeArrayFieldStart("namespace");
        for (String level : name.namespace().levels()) {
          json.writeString(level);
        }
        json.writeEndArray();
        json.writeStringField("name", name.name());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return body.toByteArray();
  }
}
