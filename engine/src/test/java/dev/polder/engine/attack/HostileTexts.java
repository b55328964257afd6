package dev.polder.engine.attack;

import dev.polder.engine.attack.Shapes.Shape;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Makes statements that mean harm. Each is a function of the seed and its number alone, so that one
 * that did harm can be made again. Immutable.
 */
final class HostileTexts {
  /** What stands at a number. */
  record HostileText(String name, String text) {}

  private record Family(List<Shape> shapes, List<String> places) {
    Shape shape(int at) {
      return shapes.get(at);
    }
  }

  private static final List<Family> FAMILIES =
      List.of(
          new Family(Shapes.EXPRESSIONS, Shapes.EXPRESSION_PLACES),
          new Family(Shapes.QUERIES, Shapes.QUERY_PLACES),
          new Family(Shapes.TYPES, Shapes.TYPE_PLACES),
          new Family(Shapes.STATEMENTS, List.of("%s")));

  /** Just below, at and above each limit, and what the longest statement holds. */
  private static final int[] DEPTHS = {
    1, 2, 7, 13, 25, 50, 99, 100, 101, 150, 198, 199, 200, 201, 202, 249, 250, 251, 400, 498, 499,
    500, 501, 502, 900, 1_000, 1_001, 2_000, 4_999, 9_999, 10_000, 10_001
  };

  private static final int LONGEST = 1 << 20;
  private static final List<String> INSERTS =
      List.of(
          "'",
          "\"",
          "$$",
          "$a$",
          "/*",
          "*/",
          "--",
          "\\",
          "E'",
          ";",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "\0",
          "\uD800",
          "\uDC00",
          "\uFFFE",
          "\uFEFF",
          "\u2028",
          "\u202E",
          "\u0001",
          "\uD83D\uDE00",
          "é",
          "NULL",
          "*",
          "?",
          "$1",
          ":a",
          "::",
          "=>",
          "->",
          "||",
          "%",
          "lambda a:",
          "CASE",
          "END",
          "SELECT",
          "FROM",
          "AT",
          "1e999",
          "0x",
          "1__0",
          ".",
          "..",
          "x'",
          "U&'",
          "system.main.",
          "polder\u0001",
          "set",
          "values",
          "WITH",
          "UNION",
          "\r",
          "\u00A0",
          "pg_catalog.",
          "#1",
          "POSITIONAL",
          "COLUMNS(*)",
          "TABLE",
          "DESCRIBE",
          "PIVOT");

  private final long seed;
  private final List<String> valid;

  HostileTexts(long seed) {
    this.seed = seed;
    try (var in = HostileTexts.class.getResourceAsStream("/attack/statements.sql")) {
      valid =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** First each shape at its most, then shapes and damaged statements by chance. */
  HostileText at(int number) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    int rest = number;
    for (Family family : FAMILIES) {
      if (rest < 2 * family.shapes.size()) {
        Shape shape = family.shape(rest / 2);
        String place = family.places.get(0);
        return grown(shape, place, rest % 2 == 0 ? largestFor(shape, place, longest(number)) : 200);
      }
      rest -= 2 * family.shapes.size();
    }
    return random.nextInt(5) < 2 ? shaped(random) : damaged(random);
  }

  /** The longest texts take long: each seed tries another eighth of the shapes with them. */
  private int longest(int number) {
    return (number / 2 + seed) % 8 == 0 ? LONGEST : LONGEST / 32;
  }

  private static HostileText grown(Shape shape, String place, int depth) {
    return new HostileText(
        "%s ×%d in %s".formatted(shape.name(), depth, place),
        place.replace("%s", shape.text().apply(depth)));
  }

  /** The depth at which the text is as long as a statement may be. */
  private static int largestFor(Shape shape, String place, int longest) {
    int grown = shape.text().apply(1_000).length() - shape.text().apply(500).length();
    return grown < 500 ? 1_000_000 : (longest - place.length() - 200) / (grown / 500 + 3);
  }

  private static HostileText shaped(SplittableRandom random) {
    Family family = FAMILIES.get(random.nextInt(FAMILIES.size()));
    Shape shape = family.shapes.get(random.nextInt(family.shapes.size()));
    String place = family.places.get(random.nextInt(family.places.size()));
    int depth = DEPTHS[random.nextInt(DEPTHS.length)];
    if (shape.text().apply(8).length() - shape.text().apply(7).length() > 60) {
      depth = Math.min(depth, 1_000);
    }
    if (random.nextInt(4) > 0) {
      return grown(shape, place, depth);
    }
    // One shape in another: each stays below its limit, both together do not.
    Shape outer = FAMILIES.get(0).shapes.get(random.nextInt(45));
    String hole = outer.text().apply(random.nextInt(1, 120));
    String text = place.replace("%s", shape.text().apply(Math.min(depth, 300)));
    return new HostileText(
        "%s with %s in %s".formatted(shape.name(), outer.name(), place),
        text.replaceFirst("1|x|mine", java.util.regex.Matcher.quoteReplacement(hole)));
  }

  private HostileText damaged(SplittableRandom random) {
    String text = valid.get(random.nextInt(valid.size()));
    StringBuilder name = new StringBuilder("damaged:");
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int kind = random.nextInt(9);
      name.append(' ').append(kind);
      text = damage(text, kind, random);
    }
    return new HostileText(name.toString(), text);
  }

  private String damage(String text, int kind, SplittableRandom random) {
    if (text.isEmpty()) {
      return INSERTS.get(random.nextInt(INSERTS.size()));
    }
    int at = random.nextInt(text.length());
    List<String> words = words(text);
    int word = random.nextInt(words.size());
    int end = Math.min(words.size(), word + random.nextInt(1, 7));
    return switch (kind) {
      case 0 -> text.substring(0, at);
      case 1 -> text.substring(0, at) + noise(random) + text.substring(at);
      case 2 -> text.substring(0, at) + insert(random) + text.substring(at);
      case 3 -> join(words, word, end, "");
      case 4 -> join(words, word, end, insert(random));
      case 5 -> repeated(words, word, end, DEPTHS[random.nextInt(DEPTHS.length)]);
      case 6 -> join(words, word, word + 1, word(random));
      case 7 -> text.substring(0, at) + " " + valid.get(random.nextInt(valid.size()));
      default -> join(words, word, end, "(" + valid.get(random.nextInt(valid.size())) + ")");
    };
  }

  private static String insert(SplittableRandom random) {
    return INSERTS.get(random.nextInt(INSERTS.size()));
  }

  private String word(SplittableRandom random) {
    List<String> words = words(valid.get(random.nextInt(valid.size())));
    return words.get(random.nextInt(words.size()));
  }

  private static String noise(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(1, 40)];
    random.nextBytes(bytes);
    return new String(
        bytes, random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.UTF_16);
  }

  private static String repeated(List<String> words, int from, int to, int times) {
    String part = " " + String.join(" ", words.subList(from, to));
    return join(words, from, to, part.repeat(Math.min(times, LONGEST / part.length())));
  }

  private static String join(List<String> words, int from, int to, String middle) {
    return String.join(" ", words.subList(0, from))
        + " "
        + middle
        + " "
        + String.join(" ", words.subList(to, words.size()));
  }

  private static List<String> words(String text) {
    try {
      List<String> words = new ArrayList<>();
      for (Token token : Lexer.tokens(text)) {
        words.add(text.substring(token.start(), token.end()));
      }
      return words.isEmpty() ? List.of(text) : words;
    } catch (PolderException e) {
      return List.of(text.split("(?<= )"));
    }
  }
}
