package dev.polder.federation.jdbc;

import dev.polder.federation.catalog.SourceFailure;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The driver of one source, from jars that the administrator put into a directory. It sees the JDK
 * and those jars, nothing of the server. Thread-safe.
 */
final class DriverJars implements AutoCloseable {
  private final URLClassLoader loader;
  private final Driver driver;

  private DriverJars(URLClassLoader loader, Driver driver) {
    this.loader = loader;
    this.driver = driver;
  }

  static DriverJars load(String alias, Path directory, String url, Optional<String> className) {
    URLClassLoader loader =
        new URLClassLoader(jars(alias, directory), ClassLoader.getPlatformClassLoader());
    try {
      Driver driver =
          className.isPresent()
              ? named(alias, loader, className.get())
              : accepting(alias, loader, url);
      return new DriverJars(loader, driver);
    } catch (RuntimeException e) {
      try (loader) {
        throw e;
      } catch (IOException closing) {
        e.addSuppressed(closing);
        throw e;
      }
    }
  }

  private static URL[] jars(String alias, Path directory) {
    try (Stream<Path> files =
        Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      URL[] urls = new URL[jars.size()];
      for (int i = 0; i < urls.length; i++) {
        urls[i] = url(jars.get(i));
      }
      return urls;
    } catch (IOException e) {
      throw SourceFailure.unavailable(alias, "the directory of drivers cannot be listed", e);
    }
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  private static Driver named(String alias, ClassLoader loader, String className) {
    try {
      return loader
          .loadClass(className)
          .asSubclass(Driver.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
      throw SourceFailure.unavailable(
          alias, "no jar in the directory of drivers has a driver " + className, e);
    }
  }

  private static Driver accepting(String alias, ClassLoader loader, String url) {
    for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
      try {
        if (driver.acceptsURL(url)) {
          return driver;
        }
      } catch (SQLException e) {
        throw SourceFailure.unavailable(alias, "a driver refused the url", null);
      }
    }
    throw SourceFailure.unavailable(
        alias, "no jar in the directory of drivers has a driver for its url", null);
  }

  Driver driver() {
    return driver;
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
