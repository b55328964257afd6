package dev.polder.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions of what this build consists of, by the names of the jars that are loaded. */
final class Versions {
  private static final Pattern JAR = Pattern.compile("-(\\d[\\w.]*)\\.jar$");

  private Versions() {}

  static String polder() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("polder", polder());
    versions.put("duckdb", ofJar("org.duckdb.DuckDBDriver"));
    versions.put("iceberg", ofJar("org.apache.iceberg.Table"));
    versions.put("arrow", ofJar("org.apache.arrow.vector.FieldVector"));
    versions.put("java", Runtime.version().toString());
    versions.put("vm", System.getProperty("java.vm.name", "unknown"));
    versions.put(
        "platform", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
    return versions;
  }

  private static String ofJar(String className) {
    try {
      var source =
          Class.forName(className, false, Versions.class.getClassLoader())
              .getProtectionDomain()
              .getCodeSource();
      Matcher jar = JAR.matcher(source == null ? "" : source.getLocation().getPath());
      return jar.find() ? jar.group(1) : "unknown";
    } catch (ClassNotFoundException e) {
      return "absent";
    }
  }
}
