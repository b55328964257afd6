package dev.polder.metastore.lineage;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.util.function.Function;

/**
 * {@link DatabaseCommit} and {@link DatabaseAccess} as JSON, for the wire and for archives. Fields
 * that it does not know are ignored, so that a newer server may add some; names are checked as they
 * are read. Stateless.
 */
public final class CommitJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(identities())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private CommitJson() {}

  private static SimpleModule identities() {
    SimpleModule module = new SimpleModule();
    identity(module, CollectionId.class, CollectionId::new);
    identity(module, SchemaId.class, SchemaId::new);
    identity(module, SchemaName.class, SchemaName::new);
    identity(module, TenantId.class, TenantId::new);
    identity(module, PrincipalName.class, PrincipalName::new);
    identity(module, RoleName.class, RoleName::new);
    return module;
  }

  private static <T> void identity(SimpleModule module, Class<T> type, Function<String, T> of) {
    module.addSerializer(type, ToStringSerializer.instance);
    module.addDeserializer(type, new Identity<>(type, of));
  }

  /** One of the records, or any record made of them, as JSON. */
  public static String write(Object record) {
    try {
      return MAPPER.writeValueAsString(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record that cannot be written as JSON", e);
    }
  }

  /** Any JSON text. */
  public static JsonNode tree(String json) {
    return read(json, JsonNode.class);
  }

  /** Reads what {@link #write} wrote, on whatever server; refuses everything else. */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "not a " + type.getSimpleName() + " in JSON: " + e.getOriginalMessage(),
          e);
    }
  }

  /** Reads an identity from its text. Immutable. */
  private static final class Identity<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1;

    private final transient Function<String, T> of;

    Identity(Class<T> type, Function<String, T> of) {
      super(type);
      this.of = of;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      String text = parser.getValueAsString();
      try {
        return of.apply(text == null ? "" : text);
      } catch (PolderException | IllegalArgumentException e) {
        throw context.weirdStringException(text, handledType(), String.valueOf(e.getMessage()));
      }
    }
  }
}
