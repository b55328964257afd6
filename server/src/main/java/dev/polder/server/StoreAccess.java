package dev.polder.server;

import dev.polder.lake.io.AzureSettings;
import dev.polder.lake.io.GcsSettings;
import dev.polder.lake.io.S3Settings;
import dev.polder.lake.io.StoreSettings;
import dev.polder.model.Secret;
import dev.polder.server.config.StsSettings;
import dev.polder.server.config.WarehouseSettings;
import java.util.Optional;

/** How object stores are reached, of what is configured. */
final class StoreAccess {
  private StoreAccess() {}

  static StoreSettings of(WarehouseSettings warehouse) {
    var gcs = warehouse.gcs();
    var azure = warehouse.azure();
    return new StoreSettings(
        s3(warehouse.s3()),
        new GcsSettings(
            Optional.ofNullable(gcs.endpoint()),
            Optional.ofNullable(gcs.project()),
            Optional.ofNullable(gcs.credentials()),
            Optional.ofNullable(gcs.tokenEndpoint())),
        new AzureSettings(
            Optional.ofNullable(azure.endpoint()),
            Optional.ofNullable(azure.accountKey()),
            azure.sasDuration()));
  }

  static S3Settings s3(dev.polder.server.config.S3Settings s3) {
    String key = s3.accessKey();
    Secret secret = s3.secretKey();
    return new S3Settings(
        Optional.ofNullable(s3.endpoint()),
        s3.region(),
        key == null || secret == null
            ? Optional.empty()
            : Optional.of(new S3Settings.Keys(key, secret)),
        s3.pathStyle(),
        Optional.ofNullable(s3.sts().roleArn()).map(role -> sts(role, s3.sts())));
  }

  private static S3Settings.Sts sts(String role, StsSettings settings) {
    return new S3Settings.Sts(
        role,
        Optional.ofNullable(settings.endpoint()),
        Optional.ofNullable(settings.region()),
        Optional.ofNullable(settings.externalId()),
        settings.duration(),
        settings.write());
  }
}
