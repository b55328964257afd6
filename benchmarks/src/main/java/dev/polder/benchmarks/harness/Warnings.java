package dev.polder.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;

/** What makes a figure doubtful. Shown with the results, whatever the figures. Thread-safe. */
public final class Warnings {
  private final List<String> texts = new ArrayList<>();

  public synchronized void add(String text) {
    texts.add(text);
  }

  public synchronized List<String> all() {
    return List.copyOf(texts);
  }
}
