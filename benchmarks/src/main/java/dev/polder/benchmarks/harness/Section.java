package dev.polder.benchmarks.harness;

import java.util.List;

/** The figures of one benchmark, and what a reader must know about them. Immutable. */
public record Section(String title, List<Figure> figures, List<String> notes) {
  public Section {
    figures = List.copyOf(figures);
    notes = List.copyOf(notes);
  }
}
