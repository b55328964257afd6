package dev.polder.benchmarks.harness;

import java.util.List;

/**
 * The figures of one benchmark, and what a reader must know about them. Immutable.
 *
 * @param other whom the server is compared with
 */
public record Section(String title, String other, List<Figure> figures, List<String> notes) {
  /** Compared with DuckDB alone. */
  public Section(String title, List<Figure> figures, List<String> notes) {
    this(title, "DuckDB", figures, notes);
  }

  public Section {
    figures = List.copyOf(figures);
    notes = List.copyOf(notes);
  }
}
