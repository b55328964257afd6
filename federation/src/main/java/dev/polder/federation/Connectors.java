package dev.polder.federation;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The connectors that this server has. Immutable and thread-safe. */
public final class Connectors {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{(?:(alias)|secret\\.([A-Za-z0-9_]+))\\}\\}");

  private final List<Connector> connectors;
  private final PathRoots roots;

  /**
   * @param roots where sources may reach files
   */
  public Connectors(List<Connector> connectors, PathRoots roots) {
    this.connectors = List.copyOf(connectors);
    this.roots = roots;
  }

  public List<Connector> all() {
    return connectors;
  }

  /**
   * The connector of this name.
   *
   * @throws PolderException INVALID_PARAMETER, which says those there are
   */
  public Connector get(String name) {
    return connectors.stream()
        .filter(connector -> connector.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.INVALID_PARAMETER,
                "there is no connector '" + name + "'; there are " + names()));
  }

  private String names() {
    return connectors.stream().map(Connector::name).collect(Collectors.joining(", "));
  }

  /**
   * Checks the names of a source's properties, that none is missing, and that what must be secret
   * is given as a secret's name.
   */
  public void check(String alias, String connector, Map<String, String> properties) {
    List<ConnectorProperty> known = get(connector).properties();
    for (Map.Entry<String, String> given : properties.entrySet()) {
      ConnectorProperty property =
          known.stream()
              .filter(it -> it.name().equals(given.getKey()))
              .findFirst()
              .orElseThrow(() -> unknown(alias, connector, given.getKey(), known));
      if (property.kind() == ConnectorProperty.Kind.SECRET
          && !PLACEHOLDER.matcher(given.getValue()).find()) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "property "
                + property.name()
                + " of source '"
                + alias
                + "' must name a secret, such as {{secret.PASSWORD}}; its value does not belong"
                + " here");
      }
      if (property.kind() == ConnectorProperty.Kind.LOCAL_PATH
          && !PLACEHOLDER.matcher(given.getValue()).find()) {
        requireReachable(alias, property, given.getValue());
      }
    }
    for (ConnectorProperty property : known) {
      if (property.required() && !properties.containsKey(property.name())) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "source '" + alias + "' needs property " + property.name() + ": " + property.help());
      }
    }
  }

  private void requireReachable(String alias, ConnectorProperty property, String path) {
    roots.require(alias, "property " + property.name(), path);
  }

  private static PolderException unknown(
      String alias, String connector, String name, List<ConnectorProperty> known) {
    List<String> names = known.stream().map(ConnectorProperty::name).toList();
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "connector "
            + connector
            + " knows no property '"
            + name
            + "' of source '"
            + alias
            + "'; it has "
            + String.join(", ", names));
  }

  /**
   * Makes a client for a source.
   *
   * @param properties with placeholders
   * @param secrets gives a secret's value by its name, or fails with SECRET_UNRESOLVED
   */
  public SourceClient open(
      String alias,
      String connector,
      Map<String, String> properties,
      boolean readOnly,
      Function<String, Secret> secrets) {
    check(alias, connector, properties);
    Map<String, Secret> filled = new HashMap<>();
    properties.forEach((name, value) -> filled.put(name, filled(alias, value, secrets)));
    get(connector).properties().stream()
        .filter(property -> property.kind() == ConnectorProperty.Kind.LOCAL_PATH)
        .forEach(property -> {
          Secret path = filled.get(property.name());
          if (path != null) {
            requireReachable(alias, property, path.reveal());
          }
        });
    return get(connector).open(new SourceSettings(alias, readOnly, filled));
  }

  /** In one pass: what a secret's value holds is never taken for a placeholder. */
  private static Secret filled(String alias, String value, Function<String, Secret> secrets) {
    StringBuilder text = new StringBuilder();
    Matcher matcher = PLACEHOLDER.matcher(value);
    int end = 0;
    while (matcher.find()) {
      text.append(plain(alias, value.substring(end, matcher.start())));
      text.append(
          Optional.ofNullable(matcher.group(2))
              .map(name -> secrets.apply(name).reveal())
              .orElse(alias));
      end = matcher.end();
    }
    return Secret.of(text.append(plain(alias, value.substring(end))).toString());
  }

  private static String plain(String alias, String text) {
    int open = text.indexOf("{{");
    if (open >= 0) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "unsubstituted placeholder in source '"
              + alias
              + "': "
              + text.substring(open, Math.min(text.length(), open + 40)));
    }
    return text;
  }
}
