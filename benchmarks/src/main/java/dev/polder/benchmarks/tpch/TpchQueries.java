package dev.polder.benchmarks.tpch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The 22 queries of TPC-H with the validation parameters of its specification. Stateless. */
public final class TpchQueries {
  public static final int COUNT = 22;

  private TpchQueries() {}

  /** One query; its name is {@code Q1} to {@code Q22}. */
  public record Query(String name, String sql) {}

  public static List<Query> all(BigDecimal scaleFactor) {
    // Query 11 asks for a share of the total that shrinks as the data grows.
    String fraction =
        new BigDecimal("0.0001").divide(scaleFactor, MathContext.DECIMAL64).toPlainString();
    List<Query> queries = new ArrayList<>();
    for (int i = 1; i <= COUNT; i++) {
      queries.add(new Query("Q" + i, text(i).replace("${fraction}", fraction)));
    }
    return List.copyOf(queries);
  }

  private static String text(int number) {
    String name = String.format(Locale.ROOT, "q%02d.sql", number);
    try (InputStream in = TpchQueries.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no query " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
