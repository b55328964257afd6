package dev.polder.server;

import dev.polder.server.config.Configuration;

/** Starts a server. The commands take it, so that they know nothing of how a server is wired. */
@FunctionalInterface
public interface ServerStarter {
  /** Returns when every door answers; throws when one cannot, with nothing left running. */
  RunningServer start(Configuration configuration);
}
