package dev.polder.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON as the door reads and writes it: strict about duplicates, depth and encoding. */
public final class Json {
  private static final int MAX_DEPTH = 64;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();
  public static final JsonMapper MAPPER = new JsonMapper(FACTORY);

  private Json() {}

  /** A parser over a body, which must be UTF-8. */
  public static JsonParser parser(byte[] body) throws IOException {
    return MAPPER.createParser(text(body));
  }

  /** A generator that leaves the stream open when it is closed. */
  public static JsonGenerator generator(OutputStream sink) throws IOException {
    return FACTORY.createGenerator(sink).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The body as one JSON object; an empty body is an empty object. */
  public static ObjectNode object(byte[] body) {
    if (body.length == 0) {
      return MAPPER.createObjectNode();
    }
    try (JsonParser parser = parser(body)) {
      JsonNode node = MAPPER.readTree(parser);
      if (!(node instanceof ObjectNode object)) {
        throw new PolderException(ErrorCode.BAD_REQUEST, "the body must be one JSON object");
      }
      requireEnd(parser);
      return object;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  public static void requireEnd(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new PolderException(
          ErrorCode.BAD_REQUEST, "the body goes on after the end of its JSON object");
    }
  }

  /** What the client did wrong, in the parser's words but without its internals. */
  public static PolderException broken(IOException e) {
    if (e instanceof StreamConstraintsException) {
      return new PolderException(
          ErrorCode.BAD_REQUEST, "the body's JSON is nested deeper than " + MAX_DEPTH + " levels");
    }
    if (e instanceof com.fasterxml.jackson.core.JsonProcessingException json) {
      String place =
          json.getLocation() == null
              ? ""
              : " at line "
                  + json.getLocation().getLineNr()
                  + ", column "
                  + json.getLocation().getColumnNr();
      String what =
          json.getOriginalMessage().startsWith("Duplicate")
              ? json.getOriginalMessage()
              : "the body is not valid JSON";
      return new PolderException(ErrorCode.BAD_REQUEST, what + place, e);
    }
    throw new UncheckedIOException(e);
  }

  /** The text, if it can be stored: JSON can spell characters that Unicode does not have. */
  public static String wellFormed(String what, String value) {
    boolean broken =
        value
            .codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    if (broken) {
      throw new PolderException(
          ErrorCode.INVALID_TEXT, what + " contains half of a surrogate pair");
    }
    return value;
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new PolderException(ErrorCode.INVALID_TEXT, "the body is not valid UTF-8", e);
    }
  }
}
