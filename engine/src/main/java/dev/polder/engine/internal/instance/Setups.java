package dev.polder.engine.internal.instance;

import dev.polder.duck.InstanceSetup;
import dev.polder.model.SpaceKey;
import java.util.List;

/** What the instances of a space attach at their start. Thread-safe. */
public interface Setups {
  /** What an instance that starts now would attach: another value when it is something else. */
  Object version(SpaceKey space);

  /** The statements, with secrets in their places; may ask a store of secrets. */
  Setup of(SpaceKey space);

  /**
   * One answer.
   *
   * @param version of what it was made
   */
  record Setup(Object version, List<InstanceSetup> parts) {
    public Setup {
      parts = List.copyOf(parts);
    }
  }
}
