package dev.polder.duck;

import java.nio.file.Path;
import java.util.List;

/**
 * How to start an instance. Immutable.
 *
 * @param instanceDirectory private to the instance: its temporary files and secrets
 * @param allowedDirectories what its statements may read and write, besides its temporary files
 * @param extensionDirectory where extensions are found that setups load
 * @param setups run before the sandbox closes (loading extensions, secrets, attaching sources)
 */
public record InstanceConfig(
    Path instanceDirectory,
    List<String> allowedDirectories,
    InstanceLimits limits,
    Path extensionDirectory,
    List<InstanceSetup> setups) {
  public InstanceConfig {
    allowedDirectories = List.copyOf(allowedDirectories);
    setups = List.copyOf(setups);
  }
}
