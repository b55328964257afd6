package dev.polder.door.flight.internal;

import com.google.common.base.Splitter;
import dev.polder.door.flight.internal.Authentication.Authenticated;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stands before every call: no handler runs without an identity, and no status leaves without a
 * code. Thread-safe.
 */
final class CallInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION = ascii("authorization");
  private static final Metadata.Key<String> API_KEY = ascii("x-api-key");
  private static final Metadata.Key<String> COOKIE = ascii("cookie");
  private static final Metadata.Key<String> SET_COOKIE = ascii("set-cookie");
  private static final String TOKEN_COOKIE = "polder_token=";
  private static final Metadata.Key<String> POLDER_DATABASE = ascii("x-polder-database");
  private static final Metadata.Key<String> DATABASE = ascii("database");
  private static final Metadata.Key<String> POLDER_TENANT = ascii("x-polder-tenant");
  private static final Metadata.Key<String> TENANT = ascii("tenant");

  private final Authentication authentication;

  CallInterceptor(Authentication authentication) {
    this.authentication = authentication;
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    CallNotices notices = new CallNotices();
    try {
      Authenticated authenticated = authenticate(call, headers);
      Caller caller =
          new Caller(
              authenticated.identity(),
              authenticated.sessionKey(),
              one(headers, POLDER_DATABASE, DATABASE),
              one(headers, POLDER_TENANT, TENANT),
              String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
              notices);
      return Contexts.interceptCall(
          Context.current().withValue(Caller.KEY, caller),
          new CodedCall<>(call, authenticated.newToken(), notices),
          headers,
          next);
    } catch (RuntimeException e) {
      StatusRuntimeException refused = Failures.status(e);
      Metadata trailers = refused.getTrailers();
      call.close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
  }

  private Authenticated authenticate(ServerCall<?, ?> call, Metadata headers) {
    Connection connection = call.getAttributes().get(Connection.KEY);
    if (connection == null) {
      throw new IllegalStateException("a call without a connection");
    }
    String header = headers.get(AUTHORIZATION);
    if (header != null) {
      return authentication.authenticate(header, connection, address(call));
    }
    String key = headers.get(API_KEY);
    if (key != null) {
      return authentication.token(Secret.of(key), connection);
    }
    // ADBC's Java driver sends its token with some calls only, but keeps cookies.
    String cookies = headers.get(COOKIE);
    if (cookies != null) {
      for (String cookie : Splitter.on(';').trimResults().split(cookies)) {
        if (cookie.startsWith(TOKEN_COOKIE)) {
          return authentication.token(
              Secret.of(cookie.substring(TOKEN_COOKIE.length())), connection);
        }
      }
    }
    throw new PolderException(
        ErrorCode.AUTHENTICATION_FAILED,
        "this call carries no credentials: send a user and password, a bearer token or an API key");
  }

  /** The peer's address without its port, which is another one for each connection. */
  private static String address(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
            instanceof InetSocketAddress peer
        ? peer.getAddress().getHostAddress()
        : "unknown";
  }

  /** The one value of two names for a header. What stands before this server may read another. */
  private static Optional<String> one(
      Metadata headers, Metadata.Key<String> name, Metadata.Key<String> other) {
    Set<String> values = new LinkedHashSet<>();
    for (Metadata.Key<String> key : List.of(name, other)) {
      Iterable<String> given = headers.getAll(key);
      if (given != null) {
        given.forEach(value -> values.add(value.strip()));
      }
    }
    values.remove("");
    if (values.size() > 1) {
      throw new PolderException(
          ErrorCode.BAD_REQUEST,
          "the header " + name.name() + " is given twice with different values");
    }
    return values.stream().findFirst();
  }

  private static Metadata.Key<String> ascii(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static final class CodedCall<A, B> extends SimpleForwardingServerCall<A, B> {
    private final Optional<Secret> newToken;
    private final CallNotices notices;
    private boolean headersSent;

    CodedCall(ServerCall<A, B> call, Optional<Secret> newToken, CallNotices notices) {
      super(call);
      this.newToken = newToken;
      this.notices = notices;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      headersSent = true;
      putToken(headers);
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      StatusRuntimeException end = Failures.closing(status, trailers);
      Metadata sent = end.getTrailers() == null ? trailers : end.getTrailers();
      notices.writeTo(sent);
      // A call without a message, as a handshake is, has its trailers for headers.
      if (!headersSent) {
        putToken(sent);
      }
      super.close(end.getStatus(), sent);
    }

    private void putToken(Metadata target) {
      newToken.ifPresent(token -> {
        target.put(AUTHORIZATION, "Bearer " + token.reveal());
        target.put(SET_COOKIE, TOKEN_COOKIE + token.reveal());
      });
    }
  }
}
