package dev.polder.maintenance;

import dev.polder.model.SpaceKey;
import java.util.List;

/** The sessions that a server has in a space. Thread-safe. */
public interface SpaceSessions {
  /** A server without any. */
  SpaceSessions NONE =
      new SpaceSessions() {
        @Override
        public List<String> busy(SpaceKey space) {
          return List.of();
        }

        @Override
        public void close(SpaceKey space) {}
      };

  /** The ids of those that run a statement. */
  List<String> busy(SpaceKey space);

  /** Ends all of them. */
  void close(SpaceKey space);
}
