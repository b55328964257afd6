package dev.polder.server.cli;

import dev.polder.server.config.EffectiveConfiguration;
import dev.polder.server.config.ReferencePage;
import dev.polder.server.table.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polder config}. */
@Command(
    name = "config",
    description = "Prints the effective configuration: each value and where it comes from.")
final class ConfigCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private ConfigOption config;

  @Option(names = "--reference", description = "Prints docs/CONFIGURATION.md instead.")
  private boolean reference;

  ConfigCommand(CommandContext context) {
    this.context = context;
    this.config = new ConfigOption();
  }

  @Override
  public Integer call() {
    Screen screen = context.screen();
    if (reference) {
      screen.out().print(ReferencePage.text());
      screen.out().flush();
      return ExitCode.OK;
    }
    EffectiveConfiguration effective = context.configuration(config.file);
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (EffectiveConfiguration.Entry entry : effective.entries()) {
      rows.add(List.of(entry.key(), entry.value(), entry.origin()));
    }
    List<TextTable.Heading> headings =
        List.of(
            new TextTable.Heading("key", false),
            new TextTable.Heading("value", false),
            new TextTable.Heading("from", false));
    new TextTable(headings, rows).render(screen.style()).forEach(screen::line);
    return ExitCode.OK;
  }
}
