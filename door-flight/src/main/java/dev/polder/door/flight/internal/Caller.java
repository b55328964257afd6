package dev.polder.door.flight.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import io.grpc.Context;
import java.util.Optional;

/**
 * Who makes the current call and what its headers ask for.
 *
 * @param sessionKey names the credential, and the connection too where one credential serves many
 *     clients; a digest, never the credential
 */
record Caller(
    Identity identity,
    String sessionKey,
    Optional<String> database,
    Optional<String> tenant,
    String address,
    CallNotices notices) {
  static final Context.Key<Caller> KEY = Context.key("polder-caller");

  static Caller current() {
    Caller caller = KEY.get();
    if (caller == null) {
      throw new PolderException(
          ErrorCode.AUTHENTICATION_FAILED, "this call carries no credentials; log in first");
    }
    return caller;
  }
}
