package dev.polder.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A {@link GuardedStore} as a process, which writes its address into a file once it serves. */
public final class Main {
  private Main() {}

  /** Takes the address, key and secret of the server behind, and the file. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length != 4) {
      System.err.println("arguments: ENDPOINT ID SECRET FILE");
      System.exit(2);
    }
    GuardedStore.Backend behind =
        new GuardedStore.Backend(arguments[0], arguments[1], arguments[2]);
    try (GuardedStore store = new GuardedStore(behind)) {
      Path file = Path.of(arguments[3]);
      Path whole = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(whole, store.endpoint());
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      Thread.currentThread().join();
    }
  }
}
