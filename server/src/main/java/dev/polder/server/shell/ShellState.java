package dev.polder.server.shell;

import dev.polder.server.table.ResultPrinter;

/** What the user has switched in a shell. Used by one thread. */
final class ShellState {
  private ResultPrinter.Format format;
  private boolean timing = true;
  private String database = "";

  ShellState(ResultPrinter.Format format) {
    this.format = format;
  }

  ResultPrinter.Format format() {
    return format;
  }

  /** Switches between rows and one line a column; returns whether it is now the latter. */
  boolean toggleExpanded() {
    boolean expanded = format != ResultPrinter.Format.EXPANDED;
    format = expanded ? ResultPrinter.Format.EXPANDED : ResultPrinter.Format.TABLE;
    return expanded;
  }

  boolean timing() {
    return timing;
  }

  boolean toggleTiming() {
    timing = !timing;
    return timing;
  }

  String database() {
    return database.isEmpty() ? "polder" : database;
  }

  void setDatabase(String name) {
    database = name;
  }
}
