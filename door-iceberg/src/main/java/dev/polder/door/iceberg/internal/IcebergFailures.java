package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.http.Failure;
import dev.polder.http.Json;

/** The error model of the specification, with the server's own code where it has a stack. */
public final class IcebergFailures {
  private IcebergFailures() {}

  public static byte[] body(Failure failure) {
    return body(failure, failure.code().icebergType());
  }

  /** The same with another type than the code's. */
  public static byte[] body(Failure failure, String type) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ObjectNode error = body.putObject("error");
    error.put("message", failure.message());
    error.put("type", type);
    error.put("code", failure.code().httpStatus());
    error.putArray("stack").add(failure.code().symbol());
    return Json.bytes(body);
  }
}
