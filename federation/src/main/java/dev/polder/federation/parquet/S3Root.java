package dev.polder.federation.parquet;

import dev.polder.federation.SourceSettings;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A prefix of a bucket. Objects are fetched whole, as the listing showed them: one that was
 * replaced meanwhile fails. Thread-safe.
 */
final class S3Root implements ParquetRoot {
  private static final Pattern LOCATION = Pattern.compile("s3a?://([^/]+)/?(.*)");

  private final String alias;
  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final LocalObjects objects;

  S3Root(SourceSettings settings, String location, Path directory) {
    alias = settings.alias();
    Matcher matcher = LOCATION.matcher(location);
    if (!matcher.matches()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "property location of source '" + alias + "' must read s3://bucket/prefix");
    }
    bucket = matcher.group(1);
    String given = matcher.group(2);
    prefix = given.isEmpty() || given.endsWith("/") ? given : given + "/";
    client = client(settings);
    objects = new LocalObjects(directory, (long) settings.number("cacheMegabytes", 4_096) << 20);
  }

  private static S3Client client(SourceSettings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(settings.text("region").orElse("us-east-1")))
            .credentialsProvider(credentials(settings))
            .forcePathStyle(settings.flag("pathStyle", settings.text("endpoint").isPresent()))
            .overrideConfiguration(
                configuration -> configuration.apiCallTimeout(Duration.ofMinutes(10)))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(
                        Duration.ofSeconds(settings.number("connectTimeoutSeconds", 10)))
                    .socketTimeout(
                        Duration.ofSeconds(settings.number("socketTimeoutSeconds", 60))));
    settings.text("endpoint").map(URI::create).ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /** Never the server's own: who may create a source need not be who runs the server. */
  private static AwsCredentialsProvider credentials(SourceSettings settings) {
    if (settings.flag("anonymous", false)) {
      return AnonymousCredentialsProvider.create();
    }
    String id = settings.required("accessKeyId");
    String secret = settings.required("secretAccessKey");
    return StaticCredentialsProvider.create(
        settings
            .text("sessionToken")
            .<software.amazon.awssdk.auth.credentials.AwsCredentials>map(
                token -> AwsSessionCredentials.create(id, secret, token))
            .orElseGet(() -> AwsBasicCredentials.create(id, secret)));
  }

  @Override
  public List<ParquetFile> list() {
    return listBelow(prefix);
  }

  @Override
  public List<ParquetFile> list(String table) {
    return listBelow(prefix + table).stream().filter(file -> file.table().equals(table)).toList();
  }

  private List<ParquetFile> listBelow(String start) {
    return asked(s3 -> {
      List<ParquetFile> files = new ArrayList<>();
      ListObjectsV2Request request =
          ListObjectsV2Request.builder().bucket(bucket).prefix(start).build();
      for (S3Object object : s3.listObjectsV2Paginator(request).contents()) {
        String path = object.key().substring(prefix.length());
        if (ParquetFile.isData(path) && isBelow(path)) {
          files.add(new ParquetFile(path, object.size(), object.eTag()));
        }
      }
      files.sort(Comparator.comparing(ParquetFile::path));
      return files;
    });
  }

  /** Keys are any text: as paths of this machine they must not lead elsewhere. */
  private boolean isBelow(String path) {
    return path.indexOf('\0') < 0
        && directory().resolve(path).normalize().equals(directory().resolve(path));
  }

  @Override
  public Path directory() {
    return objects.directory();
  }

  @Override
  public Held hold(List<ParquetFile> files) {
    return objects.hold(
        files,
        (file, target) ->
            asked(s3 ->
                s3.getObject(
                    GetObjectRequest.builder()
                        .bucket(bucket)
                        .key(prefix + file.path())
                        .ifMatch(file.version())
                        .build(),
                    target)));
  }

  private <T> T asked(Function<S3Client, T> call) {
    try {
      return call.apply(client);
    } catch (S3Exception e) {
      throw switch (e.statusCode()) {
        case 401, 403 -> SourceFailure.unavailable(alias, "the store refused its keys", e);
        case 404 -> SourceFailure.unavailable(alias, "there is no such bucket or object", e);
        case 412 ->
            SourceFailure.failed(alias, "a file was replaced while it was read; try again", e);
        default -> SourceFailure.failed(alias, "the store answered " + e.statusCode(), e);
      };
    } catch (SdkException e) {
      throw SourceFailure.unavailable(alias, "its store does not answer", e);
    }
  }

  @Override
  public void close() {
    try (client) {
      objects.close();
    }
  }
}
