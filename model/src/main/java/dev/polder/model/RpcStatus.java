package dev.polder.model;

/**
 * The gRPC status codes that errors map to, by gRPC's own names, so that this module needs no gRPC.
 */
public enum RpcStatus {
  ABORTED,
  ALREADY_EXISTS,
  CANCELLED,
  DEADLINE_EXCEEDED,
  FAILED_PRECONDITION,
  INTERNAL,
  INVALID_ARGUMENT,
  NOT_FOUND,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  UNAUTHENTICATED,
  UNAVAILABLE,
  UNIMPLEMENTED
}
