package dev.polder.http;

import java.io.IOException;

/** Writes a failure as one protocol's JSON. Stateless. */
@FunctionalInterface
public interface FailureFormat {
  byte[] body(Failure failure) throws IOException;
}
