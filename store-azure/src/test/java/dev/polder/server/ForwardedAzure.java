package dev.polder.server;

import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.sas.AccountSasPermission;
import com.azure.storage.common.sas.AccountSasResourceType;
import com.azure.storage.common.sas.AccountSasService;
import com.azure.storage.common.sas.AccountSasSignatureValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Files in a server that speaks as Azure's interface for blobs does and checks its signatures. What
 * was signed for a directory, which it does not know, is signed anew for it.
 */
final class ForwardedAzure implements GuardedAzure.Behind {
  private static final Set<String> SIGNATURE =
      Set.of("sv", "st", "se", "sr", "sdd", "sp", "spr", "sig");
  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "host", "upgrade", "http2-settings");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  private final BlobServiceClient blobs;
  private final String signature;

  ForwardedAzure(URI server) {
    this.server = server;
    this.blobs =
        new BlobServiceClientBuilder()
            .endpoint(server.resolve("/" + GuardedAzure.ACCOUNT).toString())
            .credential(new StorageSharedKeyCredential(GuardedAzure.ACCOUNT, GuardedAzure.KEY))
            .buildClient();
    this.signature =
        blobs.generateAccountSas(
            new AccountSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1),
                AccountSasPermission.parse("rwdlc"),
                new AccountSasService().setBlobAccess(true),
                AccountSasResourceType.parse("sco")));
  }

  void makeContainer(String container) {
    blobs.createBlobContainer(container);
  }

  @Override
  public boolean exists(String container, String path) {
    return blobs.getBlobContainerClient(container).getBlobClient(path).exists();
  }

  @Override
  public List<GuardedAzure.Entry> list(String container, String prefix) {
    return blobs
        .getBlobContainerClient(container)
        .listBlobs(new ListBlobsOptions().setPrefix(prefix), null)
        .stream()
        .map(blob ->
            new GuardedAzure.Entry(
                blob.getName(),
                blob.getProperties().getContentLength(),
                blob.getProperties().getCreationTime().toInstant()))
        .toList();
  }

  @Override
  public GuardedAzure.Reply answer(GuardedAzure.Request request, boolean keyed) {
    String query = request.uri().getRawQuery() == null ? "" : request.uri().getRawQuery();
    if (!keyed) {
      query =
          Arrays.stream(query.split("&", -1))
              .filter(pair -> !SIGNATURE.contains(pair.split("=", 2)[0]))
              .collect(Collectors.joining("&"));
      query = query.isEmpty() ? signature : query + "&" + signature;
    }
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(
                server.resolve(request.uri().getRawPath() + (query.isEmpty() ? "" : "?" + query)))
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request
        .headers()
        .forEach((name, value) -> {
          if (!OWN_HEADERS.contains(name)) {
            sent.header(name, value);
          }
        });
    HttpResponse<byte[]> answer = send(sent.build());
    Map<String, String> headers = new HashMap<>();
    answer
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!name.equalsIgnoreCase("transfer-encoding")
              && !name.equalsIgnoreCase("connection")
              && !name.equalsIgnoreCase("keep-alive")) {
            headers.put(name, values.getFirst());
          }
        });
    return new GuardedAzure.Reply(answer.statusCode(), headers, answer.body());
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
