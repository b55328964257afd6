package dev.polder.sql.analyse;

import dev.polder.model.PolderException;
import dev.polder.policy.DeniedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which functions users may call: a reviewed list of everything that the pinned DuckDB offers. A
 * name that is not on the list is denied. Immutable and thread-safe.
 */
public final class FunctionPolicy {
  private static final String RESOURCE = "functions.txt";

  /** What the list says about a function. */
  public enum Verdict {
    ALLOW,
    DENY,
    /** Only where the engine answers it itself, such as {@code current_user}. */
    ENGINE
  }

  /** How a function is used, as far as the list tells uses apart. */
  public enum Use {
    EXPRESSION,
    TABLE,
    PRAGMA
  }

  private record Key(String name, Use use) {}

  /** A schema that clients write before functions that are there without one. */
  public static final String PG_CATALOG = "pg_catalog";

  private static final FunctionPolicy BUILT_IN = builtIn();

  private final Map<Key, Verdict> verdicts;

  private FunctionPolicy(Map<Key, Verdict> verdicts) {
    this.verdicts = Map.copyOf(verdicts);
  }

  /** The list that is part of the product. */
  public static FunctionPolicy builtIn() {
    try (InputStream in = FunctionPolicy.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FunctionPolicy parse(String list) {
    Map<Key, Verdict> verdicts = new HashMap<>();
    for (String line : list.lines().toList()) {
      String[] fields = line.split("\t", -1);
      if (line.startsWith("# ") || line.isBlank()) {
        continue;
      }
      if (fields.length != 3) {
        throw new IllegalStateException("a line of the function list has three fields: " + line);
      }
      Key key = new Key(fields[0], Use.valueOf(fields[1].toUpperCase(Locale.ROOT)));
      if (verdicts.put(key, Verdict.valueOf(fields[2].toUpperCase(Locale.ROOT))) != null) {
        throw new IllegalStateException("listed twice: " + line);
      }
    }
    return new FunctionPolicy(verdicts);
  }

  /** The verdict on a call; a schema before the name changes nothing. */
  public Verdict verdict(String name, FunctionKind kind) {
    Use use =
        switch (kind) {
          case TABLE -> Use.TABLE;
          case SCALAR, OPERATOR, WINDOW, VALUE -> Use.EXPRESSION;
        };
    return verdicts.getOrDefault(new Key(name.toLowerCase(Locale.ROOT), use), Verdict.DENY);
  }

  /**
   * As {@link #check}, for a query of which {@code pg_catalog} before a function's name is taken
   * away before it runs.
   */
  public static void checkInQuery(FunctionReference function, int position) {
    check(
        function.schema().equals(PG_CATALOG)
            ? new FunctionReference(function.name(), "", function.kind(), function.span())
            : function,
        position);
  }

  /**
   * Refuses a call that the built-in list denies. What the engine answers itself passes; so does a
   * bare word, which may be a column's name and is at worst a constant.
   *
   * @param position in the user's text; −1 when unknown
   * @throws PolderException FUNCTION_NOT_ALLOWED
   */
  public static void check(FunctionReference function, int position) {
    Verdict verdict = BUILT_IN.verdict(function.name(), function.kind());
    if (verdict == Verdict.ENGINE && !function.schema().isEmpty()) {
      // Under a schema's name DuckDB would find its own function, which tells about the instance.
      throw DeniedException.function(
          function.name(),
          "the function " + function.name() + " must be written without a schema",
          position);
    }
    if (verdict == Verdict.DENY && function.kind() != FunctionKind.VALUE) {
      throw DeniedException.function(
          function.name(),
          "the function "
              + function.name()
              + " is unknown or not allowed"
              + (function.kind() == FunctionKind.TABLE ? " in FROM" : ""),
          position);
    }
  }

  /** Whether the list says anything about this name in this use. */
  public boolean lists(String name, Use use) {
    return verdicts.containsKey(new Key(name.toLowerCase(Locale.ROOT), use));
  }
}
