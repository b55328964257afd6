package dev.polder.lake.io;

import dev.polder.lake.delegation.S3Delegation;
import java.util.Set;
import org.apache.iceberg.aws.s3.S3FileIO;

/** S3 and stores that speak as it does. Stateless. */
final class S3Store implements ObjectStoreProvider {
  @Override
  public Set<String> schemes() {
    return Set.of("s3", "s3a");
  }

  @Override
  public ObjectStore open(String location, StoreSettings settings) {
    S3FileIO io = new S3FileIO();
    io.initialize(settings.s3().properties());
    return new ObjectStore(
        "S3", io, S3Delegation.of(settings.s3(), file -> io.newInputFile(file).exists()));
  }
}
