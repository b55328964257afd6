package dev.polder.server.cli;

import dev.polder.model.Secret;
import dev.polder.server.PortsFile;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import dev.polder.server.client.Trust;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that talks to a server, and how unset ones are filled in. */
final class ClientOptions {
  private static final String DEFAULT_URL = "http://127.0.0.1:8181";

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Server's HTTP address. Default: POLDER_URL, the server that uses the data directory, or "
              + DEFAULT_URL)
  @Nullable String url;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "NAME",
      description = "Who you are. Default: POLDER_USER")
  @Nullable String user;

  @Option(
      names = {"-p", "--password"},
      paramLabel = "PASSWORD",
      description =
          "Default: POLDER_PASSWORD, which other processes cannot see; else you are asked.")
  @Nullable String password;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "A token instead of user and password. Default: POLDER_TOKEN")
  @Nullable String token;

  @Option(
      names = {"-d", "--database"},
      paramLabel = "NAME",
      description = "Database to work in. Default: POLDER_DATABASE, or your own default")
  @Nullable String database;

  @Option(
      names = {"-t", "--tenant"},
      paramLabel = "NAME",
      description = "Tenant to work for, where you belong to none. Default: POLDER_TENANT")
  @Nullable String tenant;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "PEM file with the certificates to trust over HTTPS. Default: POLDER_TLS_CA, or those"
              + " of this machine; on this machine also what a server made for itself in the data"
              + " directory")
  @Nullable Path tlsCa;

  @Option(
      names = "--tls-insecure",
      description = "Trust any server: whoever is in between can read and change everything.")
  boolean tlsInsecure;

  PolderClient connect(CommandContext context) {
    URI server = address(context);
    Target target =
        new Target(
            server,
            either(database, context.variable("POLDER_DATABASE")),
            either(tenant, context.variable("POLDER_TENANT")));
    return new PolderClient(target, credentials(context), trust(context, server));
  }

  /** Whom to trust for being that server. */
  Trust trust(CommandContext context, URI server) {
    if (tlsInsecure) {
      if (tlsCa != null) {
        throw usage("--tls-ca and --tls-insecure exclude each other", null);
      }
      context
          .screen()
          .note(
              "warning: --tls-insecure checks no certificate; anybody can pose as "
                  + server.getHost());
      return new Trust.Anybody();
    }
    String variable = context.variable("POLDER_TLS_CA");
    Path named = tlsCa != null ? tlsCa : variable == null ? null : Path.of(variable);
    if (named != null) {
      return new Trust.Certificates(named, false);
    }
    Path own = dataDir(context).resolve("tls/polder.crt");
    boolean local = PortsFile.httpUrl(dataDir(context)).filter(server::equals).isPresent();
    return local && Files.isReadable(own)
        ? new Trust.Certificates(own, true)
        : new Trust.Authorities();
  }

  private static Path dataDir(CommandContext context) {
    String dataDir = context.variable("POLDER_DATA_DIR");
    return Path.of(dataDir == null ? "./polder-data" : dataDir);
  }

  URI address(CommandContext context) {
    String given = either(url, context.variable("POLDER_URL"));
    if (given == null) {
      return PortsFile.httpUrl(dataDir(context)).orElse(URI.create(DEFAULT_URL));
    }
    try {
      URI address = new URI(given);
      String scheme = address.getScheme();
      if (address.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
        return address;
      }
    } catch (URISyntaxException e) {
      throw usage("'" + given + "' is no address: write it like " + DEFAULT_URL, e);
    }
    throw usage("'" + given + "' is no HTTP address: write it like " + DEFAULT_URL, null);
  }

  private Credentials credentials(CommandContext context) {
    // What the command line says counts before what the environment says.
    if (token != null) {
      return new Credentials.Token(Secret.of(token));
    }
    String variableToken = context.variable("POLDER_TOKEN");
    if (user == null && variableToken != null) {
      return new Credentials.Token(Secret.of(variableToken));
    }
    String name = either(user, context.variable("POLDER_USER"));
    if (name == null) {
      throw usage(
          "who are you? Give --user, or --token, or set POLDER_USER and POLDER_PASSWORD", null);
    }
    String secret = either(password, context.variable("POLDER_PASSWORD"));
    return new Credentials.UserPassword(
        name, secret != null ? Secret.of(secret) : askPassword(name));
  }

  private Secret askPassword(String name) {
    if (!Passwords.canAsk()) {
      throw usage("no password for " + name + ": set POLDER_PASSWORD or give --password", null);
    }
    return Passwords.ask("Password for " + name + ": ")
        .map(Secret::of)
        .orElseThrow(() -> usage("no password for " + name, null));
  }

  private ParameterException usage(String message, @Nullable Throwable cause) {
    return cause == null
        ? new ParameterException(commandLine(), message)
        : new ParameterException(commandLine(), message, cause);
  }

  CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("options outside a command");
    }
    return spec.commandLine();
  }

  private static @Nullable String either(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }
}
