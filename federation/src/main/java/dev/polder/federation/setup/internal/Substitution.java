package dev.polder.federation.setup.internal;

import dev.polder.duck.Sql;
import dev.polder.federation.setup.internal.Atom.Kind;
import dev.polder.federation.setup.internal.Atom.Part;
import dev.polder.federation.setup.internal.SetupStatement.Attach;
import dev.polder.federation.setup.internal.SetupStatement.CreateSecret;
import dev.polder.federation.setup.internal.SetupStatement.Install;
import dev.polder.federation.setup.internal.SetupStatement.Load;
import dev.polder.federation.setup.internal.SetupStatement.Option;
import dev.polder.federation.setup.internal.SetupStatement.Setting;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes statements with values in the places of placeholders, each as its place needs it: in a
 * name, a text, or a connection string within a text. A value is never read as SQL. Immutable.
 *
 * @param secrets a value for each name that occurs
 */
public record Substitution(String alias, Map<String, Secret> secrets) {
  private static final Set<String> TYPES_OF_FILES = Set.of("", "duckdb", "sqlite", "ducklake");

  /** A file's path, which other prefixes and addresses of servers are not. */
  private static final Pattern OF_FILES =
      Pattern.compile(
          "(?:ducklake:)?(?:duckdb:|sqlite:)?((?!(?:ducklake|postgres|postgresql|mysql|md):).*)",
          Pattern.DOTALL);

  public Substitution {
    secrets = Map.copyOf(secrets);
  }

  /** The statement as DuckDB is to run it. */
  public String render(SetupStatement statement) {
    return switch (statement) {
      case Install install -> "INSTALL " + Sql.identifier(install.extension());
      case Load load -> "LOAD " + Sql.identifier(load.extension());
      case CreateSecret secret ->
          "CREATE "
              + (secret.orReplace() ? "OR REPLACE " : "")
              + "TEMPORARY SECRET "
              + (secret.ifNotExists() ? "IF NOT EXISTS " : "")
              + (secret.name() == null ? "" : Sql.identifier(text(secret.name())) + " ")
              + options(secret.options());
      case Attach attach ->
          "ATTACH "
              + (attach.orReplace() ? "OR REPLACE " : "")
              + (attach.ifNotExists() ? "IF NOT EXISTS " : "")
              + Sql.literal(
                  ConnectionString.render(
                      attach.target().parts(), attach.type(), this::value, alias))
              + " AS "
              + Sql.identifier(alias)
              + (attach.options().isEmpty() ? "" : " " + options(attach.options()));
      case Setting setting -> "SET " + setting.name() + " = " + values(setting.value());
    };
  }

  /** What DuckDB, and not another system, reads and writes of what is attached. */
  public List<String> paths(Attach attach) {
    String target = text(attach.target());
    Matcher prefix = OF_FILES.matcher(target);
    List<String> paths = new ArrayList<>();
    if (prefix.matches()
        && TYPES_OF_FILES.contains(attach.type())
        && !prefix.group(1).isEmpty()
        && !prefix.group(1).equals(":memory:")) {
      paths.add(prefix.group(1));
    }
    for (Option option : attach.options()) {
      if (option.name().equals("DATA_PATH") && option.value().size() == 1) {
        paths.add(text(option.value().getFirst()));
      }
    }
    return paths;
  }

  private String options(List<Option> options) {
    StringBuilder out = new StringBuilder("(");
    for (Option option : options) {
      out.append(out.length() == 1 ? "" : ", ").append(option.name());
      if (!option.value().isEmpty()) {
        out.append(' ').append(values(option.value()));
      }
    }
    return out.append(')').toString();
  }

  private String values(List<Atom> atoms) {
    StringBuilder out = new StringBuilder();
    for (Atom atom : atoms) {
      out.append(out.isEmpty() ? "" : " ").append(value(atom));
    }
    return out.toString();
  }

  private String value(Atom atom) {
    boolean literal =
        atom.kind() == Kind.STRING || (atom.kind() == Kind.WORD && atom.hasPlaceholders());
    return literal
        ? Sql.literal(text(atom))
        : atom.kind() == Kind.QUOTED ? Sql.identifier(text(atom)) : atom.writtenText();
  }

  private String text(Atom atom) {
    StringBuilder out = new StringBuilder();
    atom.parts().forEach(part -> out.append(value(part)));
    return out.toString();
  }

  private String value(Part part) {
    return switch (part) {
      case Part.Text written -> written.text();
      case Part.Alias own -> alias;
      case Part.Secret named -> secret(named.name());
    };
  }

  private String secret(String name) {
    Secret secret = secrets.get(name);
    if (secret == null) {
      throw new PolderException(
          ErrorCode.SECRET_UNRESOLVED,
          "unresolved secret '" + name + "' in source '" + alias + "'");
    }
    if (secret.reveal().indexOf('\0') >= 0) {
      throw new PolderException(
          ErrorCode.SECRET_UNRESOLVED,
          "secret '" + name + "' in source '" + alias + "' holds the character U+0000");
    }
    return secret.reveal();
  }
}
