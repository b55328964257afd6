package dev.polder.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;

/** The bodies that browsers' forms and OAuth clients send: {@code a=b&c=d}, percent-encoded. */
public final class Forms {
  private Forms() {}

  static Map<String, String> read(byte[] body) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : text(body).split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (fields.put(name, value) != null) {
        throw Fields.bad("'" + Fields.shortened(name) + "' is given twice");
      }
    }
    return fields;
  }

  /** The text that was percent-encoded, as {@code application/x-www-form-urlencoded} has it. */
  public static String decoded(String encoded) {
    var bytes = new java.io.ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        bytes.write(hex(encoded, i + 1) << 4 | hex(encoded, i + 2));
        i += 2;
      } else if (c == '+') {
        bytes.write(' ');
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(UTF_8));
      }
    }
    return text(bytes.toByteArray());
  }

  private static int hex(String text, int at) {
    int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    if (digit < 0) {
      throw Fields.bad("the form has a '%' without two hexadecimal digits");
    }
    return digit;
  }

  private static String text(byte[] utf8) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new PolderException(ErrorCode.BAD_REQUEST, "the form is not UTF-8", e);
    }
  }
}
