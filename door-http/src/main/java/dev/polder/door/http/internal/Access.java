package dev.polder.door.http.internal;

/** Who may call a route. */
public enum Access {
  /** Anybody who reaches the port. */
  PUBLIC,
  /** Processes of this machine, and whoever proves who it is. */
  LOCAL_OR_AUTHENTICATED,
  /** Whoever proves who it is; the engine decides the rest. */
  AUTHENTICATED
}
