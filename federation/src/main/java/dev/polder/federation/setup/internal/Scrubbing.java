package dev.polder.federation.setup.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Takes secrets out of DuckDB's messages. Stateless. */
public final class Scrubbing {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_SHOWN = 1_000;

  /** The excerpt of the statement that DuckDB shows, which may cut a secret in two. */
  private static final Pattern EXCERPT =
      Pattern.compile("\\s*\\n\\s*LINE [0-9]+:.*", Pattern.DOTALL);

  private static final Pattern WORDS = Pattern.compile("[\\s=;&'\"]+");
  private static final int SHORTEST_WORD = 4;

  private Scrubbing() {}

  /** The message in one line, without any of the hidden texts in whatever way they are escaped. */
  public static String scrubbed(String message, Collection<String> hidden) {
    String text = EXCERPT.matcher(plain(message)).replaceFirst("");
    Set<String> forms =
        new TreeSet<>(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    for (String secret : hidden) {
      forms.addAll(ConnectionString.forms(secret));
      // A secret that is a whole connection string may come back in pieces.
      WORDS
          .splitAsStream(secret)
          .filter(word -> word.length() >= SHORTEST_WORD)
          .forEach(forms::add);
    }
    for (String form : forms) {
      if (!form.isEmpty()) {
        text = text.replace(form, "***");
      }
    }
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + "…";
  }

  private static String plain(String message) {
    int start = message.indexOf("{\"exception_type\"");
    if (start < 0) {
      return message;
    }
    try {
      JsonNode error = JSON.readTree(message.substring(start));
      return error.path("exception_type").asText()
          + " Error: "
          + error.path("exception_message").asText();
    } catch (JsonProcessingException e) {
      return message;
    }
  }
}
