package dev.polder.store.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.file.datalake.DataLakeFileSystemClient;
import com.azure.storage.file.datalake.DataLakeServiceClient;
import com.azure.storage.file.datalake.DataLakeServiceClientBuilder;
import dev.polder.lake.io.AzureSettings;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The storage account of a warehouse, as the server itself reaches it. Thread-safe. */
final class AzureAccount {
  private final String host;
  private final String name;
  private final String endpoint;
  private final HttpClient http;
  private final Optional<Secret> secret;
  private final Optional<StorageSharedKeyCredential> key;
  private final Optional<TokenCredential> identity;
  private final DataLakeServiceClient service;

  AzureAccount(AzurePlace place, AzureSettings settings) {
    this(
        place,
        settings,
        HttpClient.createDefault(),
        settings.accountKey().isPresent()
            ? Optional.empty()
            : Optional.of(new DefaultAzureCredentialBuilder().build()));
  }

  AzureAccount(
      AzurePlace place,
      AzureSettings settings,
      HttpClient http,
      Optional<TokenCredential> identity) {
    this.host = place.host();
    this.name = place.account();
    this.endpoint = settings.endpoint().orElse("https://" + host);
    this.http = http;
    this.secret = settings.accountKey();
    this.key = secret.map(value -> new StorageSharedKeyCredential(name, value.reveal()));
    this.identity = identity;
    DataLakeServiceClientBuilder builder =
        new DataLakeServiceClientBuilder().httpClient(http).endpoint(endpoint);
    key.ifPresent(builder::credential);
    identity.ifPresent(builder::credential);
    this.service = builder.buildClient();
  }

  /** As Iceberg's file store takes them; the key is in clear. */
  Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    properties.put("adls.connection-string." + host, endpoint);
    secret.ifPresent(key -> {
      properties.put("adls.auth.shared-key.account.name", name);
      properties.put("adls.auth.shared-key.account.key", key.reveal());
    });
    return properties;
  }

  String host() {
    return host;
  }

  String name() {
    return name;
  }

  boolean isSecure() {
    return endpoint.startsWith("https:");
  }

  boolean isKeyed() {
    return key.isPresent();
  }

  DataLakeServiceClient service() {
    return service;
  }

  DataLakeFileSystemClient container(AzurePlace place) {
    requireHere(place);
    return service.getFileSystemClient(place.container());
  }

  /** The same by the interface for blobs, which lists what lies below a prefix in one go. */
  BlobContainerClient blobs(AzurePlace place) {
    requireHere(place);
    BlobContainerClientBuilder builder =
        new BlobContainerClientBuilder()
            .httpClient(http)
            .endpoint(endpoint.replace(".dfs.", ".blob."))
            .containerName(place.container());
    key.ifPresent(builder::credential);
    identity.ifPresent(builder::credential);
    return builder.buildClient();
  }

  /** The server's credentials are for this account and are shown to no other host. */
  void requireHere(AzurePlace place) {
    if (!place.host().equals(host)) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "files at " + place.host() + " cannot be reached: the warehouse's account is " + host);
    }
  }
}
