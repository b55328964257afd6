package dev.polder.store.azure;

import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import java.util.Map;
import org.apache.iceberg.azure.adlsv2.ADLSFileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Iceberg's file store for Azure with what the server needs besides: a delete that could not be
 * done fails, lists are made of objects, and no other account is asked. Thread-safe.
 */
final class AzureFileIO extends ADLSFileIO {
  /** What marks a directory among the objects of an account that has directories. */
  private static final String DIRECTORY = "hdi_isfolder";

  private final transient AzureAccount account;

  AzureFileIO(AzureAccount account) {
    this.account = account;
    initialize(account.properties());
  }

  @Override
  public InputFile newInputFile(String path) {
    account.requireHere(AzurePlace.of(path));
    return super.newInputFile(path);
  }

  @Override
  public InputFile newInputFile(String path, long length) {
    account.requireHere(AzurePlace.of(path));
    return super.newInputFile(path, length);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    account.requireHere(AzurePlace.of(path));
    return super.newOutputFile(path);
  }

  @Override
  public void deleteFile(String path) {
    AzurePlace place = AzurePlace.of(path);
    account.container(place).getFileClient(place.path()).deleteIfExists();
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    AzurePlace place = AzurePlace.of(prefix);
    String base = "abfss://" + place.container() + "@" + place.host() + "/";
    ListBlobsOptions options =
        new ListBlobsOptions()
            .setPrefix(place.path().isEmpty() ? "" : place.path() + "/")
            .setDetails(new BlobListDetails().setRetrieveMetadata(true));
    return () ->
        account.blobs(place).listBlobs(options, null).stream()
            .filter(blob -> !isDirectory(blob))
            .map(blob ->
                new FileInfo(
                    base + blob.getName(),
                    blob.getProperties().getContentLength(),
                    blob.getProperties().getCreationTime().toInstant().toEpochMilli()))
            .iterator();
  }

  private static boolean isDirectory(BlobItem blob) {
    Map<String, String> metadata = blob.getMetadata();
    return metadata != null && "true".equals(metadata.get(DIRECTORY));
  }
}
