package dev.polder.door.http;

import dev.polder.http.HttpAuthenticator;
import dev.polder.http.HttpListener;
import dev.polder.http.ListenerOptions;
import dev.polder.policy.Identity;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** A listener with one door, whose superusers administer. */
final class TestListener {
  private TestListener() {}

  static HttpListener start(
      ListenerOptions options, HttpAuthenticator users, MeterRegistry metrics, HttpDoor door) {
    return HttpListener.start(options, users, metrics, Identity::superuser, List.of(door));
  }
}
