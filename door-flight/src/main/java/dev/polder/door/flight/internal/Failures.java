package dev.polder.door.flight.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.RpcStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns failures into gRPC statuses; what is not meant for users is logged and gets a number. */
final class Failures {
  static final Metadata.Key<String> CODE =
      Metadata.Key.of("polder-code", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> SQLSTATE =
      Metadata.Key.of("polder-sqlstate", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> POSITION =
      Metadata.Key.of("polder-position", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> ERROR_ID =
      Metadata.Key.of("polder-error-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static StatusRuntimeException status(Throwable failure) {
    return switch (failure) {
      case StatusRuntimeException known -> known;
      case PolderException known -> known(known);
      default -> internal(failure);
    };
  }

  private static StatusRuntimeException known(PolderException failure) {
    Metadata trailers = trailers(failure.code());
    failure.position().ifPresent(position -> trailers.put(POSITION, Integer.toString(position)));
    return grpc(failure.code().rpcStatus())
        .withDescription(text(failure.code(), failure.getMessage()))
        .asRuntimeException(trailers);
  }

  private static StatusRuntimeException internal(@Nullable Throwable failure) {
    String id = UUID.randomUUID().toString();
    LOG.error("error {} in the Flight SQL door", id, failure);
    Metadata trailers = trailers(ErrorCode.INTERNAL_ERROR);
    trailers.put(ERROR_ID, id);
    return Status.INTERNAL
        .withDescription(
            text(
                ErrorCode.INTERNAL_ERROR,
                "the server failed; its log says why under error id " + id))
        .asRuntimeException(trailers);
  }

  /**
   * What a call ends with: statuses that libraries made are given a code, or hidden where they may
   * tell something of the inside.
   */
  static StatusRuntimeException closing(Status status, Metadata trailers) {
    if (status.isOk() || trailers.containsKey(CODE)) {
      return status.asRuntimeException(trailers);
    }
    return switch (status.getCode()) {
      case CANCELLED -> coded(status, ErrorCode.STATEMENT_CANCELLED);
      case DEADLINE_EXCEEDED -> coded(status, ErrorCode.STATEMENT_TIMEOUT);
      case INVALID_ARGUMENT, OUT_OF_RANGE -> coded(status, ErrorCode.BAD_REQUEST);
      case UNIMPLEMENTED -> coded(status, ErrorCode.NOT_SUPPORTED);
      case RESOURCE_EXHAUSTED -> coded(status, ErrorCode.STATEMENT_TOO_LARGE);
      case UNAVAILABLE -> coded(status, ErrorCode.SHUTTING_DOWN);
      default -> internal(status.asRuntimeException());
    };
  }

  private static StatusRuntimeException coded(Status status, ErrorCode code) {
    String description = status.getDescription();
    return status
        .withDescription(text(code, description == null ? status.getCode().name() : description))
        .asRuntimeException(trailers(code));
  }

  private static Metadata trailers(ErrorCode code) {
    Metadata trailers = new Metadata();
    trailers.put(CODE, code.symbol());
    trailers.put(SQLSTATE, code.sqlState());
    return trailers;
  }

  private static String text(ErrorCode code, @Nullable String message) {
    return code.symbol() + " (" + code.sqlState() + "): " + message;
  }

  private static Status grpc(RpcStatus status) {
    return switch (status) {
      case ABORTED -> Status.ABORTED;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case CANCELLED -> Status.CANCELLED;
      case DEADLINE_EXCEEDED -> Status.DEADLINE_EXCEEDED;
      case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
      case INTERNAL -> Status.INTERNAL;
      case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case PERMISSION_DENIED -> Status.PERMISSION_DENIED;
      case RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
      case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
    };
  }
}
