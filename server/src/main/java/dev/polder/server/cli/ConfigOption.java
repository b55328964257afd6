package dev.polder.server.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the configuration file. */
final class ConfigOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file; POLDER_CONFIG names one as well. POLDER_… variables override it.")
  @Nullable Path file;
}
