package dev.polder.server.cli;

import dev.polder.server.table.ResultPrinter;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How a result is written. */
final class FormatOptions {
  @ArgGroup(exclusive = true, multiplicity = "0..1")
  Choice choice = new Choice();

  /** One of them at most. */
  static final class Choice {
    @Option(
        names = "--csv",
        description = "RFC 4180 with a header; NULL is empty, an empty text is \"\".")
    boolean csv;

    @Option(
        names = "--json",
        description =
            "JSON lines: one document a statement, an array of objects or {\"updateCount\":n}.")
    boolean json;

    @Option(
        names = {"-x", "--expanded"},
        description = "One line a column instead of one a row.")
    boolean expanded;
  }

  ResultPrinter.Format format() {
    if (choice.csv) {
      return ResultPrinter.Format.CSV;
    }
    if (choice.json) {
      return ResultPrinter.Format.JSON;
    }
    return choice.expanded ? ResultPrinter.Format.EXPANDED : ResultPrinter.Format.TABLE;
  }
}
