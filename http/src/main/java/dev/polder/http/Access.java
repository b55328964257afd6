package dev.polder.http;

/** Who may call a route. */
public enum Access {
  /** Anybody who reaches the port. */
  PUBLIC,
  /** Processes of this machine, and superusers and cluster_admins. */
  LOCAL_OR_ADMINISTRATOR,
  /** Whoever proves who it is; the engine decides the rest. */
  AUTHENTICATED,
  /**
   * The same where the endpoint does nothing before the engine has looked at the login again, in
   * the transaction of the work: the look at the door may then be some seconds old.
   */
  AUTHENTICATED_WITH_WORK
}
