package dev.polder.http;

import java.util.List;

/** What one protocol serves on the listener, which asks once and closes it at its end. */
public interface RouteGroup extends AutoCloseable {
  List<Route> routes();

  /** Whether it is this group that says no to a path that no route takes. */
  boolean answersFor(String path);

  /** The request that lists what is served, to be named to who asks for something else. */
  String listing();

  /** How this protocol spells a failure. */
  FailureFormat failures();

  @Override
  void close();
}
