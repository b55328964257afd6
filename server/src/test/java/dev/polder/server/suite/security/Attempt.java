package dev.polder.server.suite.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A named attempt to see what is hidden, and what must come of it. */
record Attempt(String name, Expected expected, String sql) {

  /** What must come of an attempt. */
  sealed interface Expected {
    /** Refused with the code of this name, {@code any} for whichever. */
    record Refused(String code) implements Expected {}

    record Rows(List<List<String>> rows) implements Expected {}

    /** Answered or refused, as long as nothing hidden is told. */
    record Harmless() implements Expected {}
  }

  static List<Attempt> all() {
    String text = read("/suite/security/attempts.sql");
    List<Attempt> attempts = new ArrayList<>();
    for (String block : text.split("\\n\\n+(?=-- )", -1)) {
      if (!block.startsWith("#")) {
        attempts.add(of(block.strip()));
      }
    }
    return attempts;
  }

  private static Attempt of(String block) {
    String[] lines = block.split("\\n", 3);
    String sql = lines[2].strip();
    return new Attempt(
        lines[0].substring(3), expected(lines[1]), sql.substring(0, sql.length() - 1));
  }

  private static Expected expected(String line) {
    if (line.startsWith("-- refused: ")) {
      return new Expected.Refused(line.substring("-- refused: ".length()));
    }
    if (line.startsWith("-- answers: ")) {
      return new Expected.Rows(rows(line.substring("-- answers: ".length())));
    }
    if (line.equals("-- harmless")) {
      return new Expected.Harmless();
    }
    throw new AssertionError("neither refused nor answers: " + line);
  }

  private static List<List<String>> rows(String json) {
    try {
      return new ObjectMapper().readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(String name) {
    try (InputStream in = Attempt.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
