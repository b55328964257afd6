package dev.polder.lake.io;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what opens a location by its scheme. Stateless. */
final class ObjectStores {
  private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]+)://.*");

  /** What is not part of every server, by scheme. */
  private static final Map<String, String> MODULES = Map.of("gs", "gcs", "abfss", "azure");

  private ObjectStores() {}

  static boolean isRemote(String location) {
    return SCHEME.matcher(location).matches();
  }

  static ObjectStore open(String location, StoreSettings settings) {
    Matcher matcher = SCHEME.matcher(location);
    String scheme = matcher.matches() ? matcher.group(1) : "";
    return Stream.concat(
            Stream.of(new S3Store()),
            ServiceLoader.load(ObjectStoreProvider.class).stream().map(ServiceLoader.Provider::get))
        .filter(provider -> provider.schemes().contains(scheme))
        .findFirst()
        .orElseThrow(() -> missing(location, scheme))
        .open(location, settings);
  }

  private static PolderException missing(String location, String scheme) {
    String module = MODULES.get(scheme);
    return new PolderException(
        ErrorCode.INVALID_CONFIGURATION,
        module == null
            ? "nothing can open " + location + ": name a directory, s3://…, gs://… or abfss://…"
            : "nothing here can open "
                + location
                + ": stop the server, add the store's module with './polder stores "
                + module
                + "', and start again");
  }
}
