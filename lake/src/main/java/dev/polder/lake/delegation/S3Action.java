package dev.polder.lake.delegation;

import java.util.Optional;
import java.util.Set;

/** The requests that are signed; there are no others. */
enum S3Action {
  READ(false, false, false),
  LIST(false, false, false),
  PUT(true, true, true),
  BEGIN_UPLOAD(true, true, false),
  PUT_PART(true, false, false),
  /** What makes the file, once its parts are there. */
  END_UPLOAD(true, true, true),
  ABORT_UPLOAD(true, false, false);

  /** Says what the client's library calls the request; stores do not care. */
  private static final String OPERATION_NAME = "x-id";

  private static final String UPLOAD = "uploadId";
  private static final Set<String> LISTING =
      Set.of(
          "list-type",
          "prefix",
          "delimiter",
          "max-keys",
          "continuation-token",
          "start-after",
          "marker",
          "encoding-type",
          "fetch-owner",
          OPERATION_NAME);

  private final boolean writes;
  private final boolean makesFile;
  private final boolean conditional;

  S3Action(boolean writes, boolean makesFile, boolean conditional) {
    this.writes = writes;
    this.makesFile = makesFile;
    this.conditional = conditional;
  }

  boolean writes() {
    return writes;
  }

  /** Whether there must be no such file before. */
  boolean makesFile() {
    return makesFile;
  }

  /** Whether the store can be told to refuse it should there be such a file by then. */
  boolean conditional() {
    return conditional;
  }

  static Optional<S3Action> of(String method, S3Addresses.Address address) {
    Set<String> names = address.parameters().keySet();
    if (address.isBucket()) {
      return method.equals("GET") && names.contains("prefix") && LISTING.containsAll(names)
          ? Optional.of(LIST)
          : Optional.empty();
    }
    // Without a number of an upload a request of the same shape is one for the whole file.
    if (names.contains(UPLOAD) && address.parameters().getOrDefault(UPLOAD, "").isEmpty()) {
      return Optional.empty();
    }
    return switch (method) {
      case "GET", "HEAD" -> only(READ, names, Set.of());
      case "PUT" ->
          names.contains(UPLOAD)
              ? only(PUT_PART, names, Set.of(UPLOAD, "partNumber"))
              : only(PUT, names, Set.of());
      case "POST" ->
          names.contains(UPLOAD)
              ? only(END_UPLOAD, names, Set.of(UPLOAD))
              : only(BEGIN_UPLOAD, names, Set.of("uploads"));
      case "DELETE" -> only(ABORT_UPLOAD, names, Set.of(UPLOAD));
      default -> Optional.empty();
    };
  }

  private static Optional<S3Action> only(S3Action action, Set<String> names, Set<String> wanted) {
    boolean fits =
        names.containsAll(wanted)
            && names.stream()
                .allMatch(name -> wanted.contains(name) || name.equals(OPERATION_NAME));
    return fits ? Optional.of(action) : Optional.empty();
  }
}
