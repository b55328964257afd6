package dev.polder.federation.setup;

import dev.polder.federation.setup.internal.Atom;
import dev.polder.federation.setup.internal.AtomReader;
import dev.polder.federation.setup.internal.InlineCredentials;
import dev.polder.federation.setup.internal.InlineCredentials.Found;
import dev.polder.federation.setup.internal.SetupParser;
import dev.polder.federation.setup.internal.SetupStatement;
import dev.polder.federation.setup.internal.Substitution;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The SQL by which DuckDB attaches a source: read, and found to hold nothing but what such SQL may.
 * It is read before values are put into it, so that no value can change what it does. Immutable;
 * prints no text, which may hold credentials.
 */
public final class SetupSql {
  /** What reads show in place of a credential. */
  public static final String REDACTED = InlineCredentials.REDACTED;

  private final String alias;
  private final String text;
  private final List<SetupStatement> statements;
  private final List<Found> credentials;
  private final SequencedSet<String> secretNames;

  private SetupSql(
      String alias,
      String text,
      List<SetupStatement> statements,
      List<Found> credentials,
      SequencedSet<String> secretNames) {
    this.alias = alias;
    this.text = text;
    this.statements = List.copyOf(statements);
    this.credentials = List.copyOf(credentials);
    this.secretNames = Collections.unmodifiableSequencedSet(secretNames);
  }

  /**
   * Reads and checks the SQL of a source.
   *
   * @throws PolderException INVALID_PARAMETER naming the source, the statement's number and why, or
   *     a malformed placeholder
   */
  public static SetupSql parse(String alias, String text) {
    List<SetupStatement> statements = new ArrayList<>();
    List<Found> credentials = new ArrayList<>();
    SequencedSet<String> names = new LinkedHashSet<>();
    for (List<Atom> atoms : statements(alias, text)) {
      SetupStatement statement = SetupParser.statement(alias, statements.size() + 1, atoms);
      statements.add(statement);
      credentials.addAll(InlineCredentials.in(statement));
      for (Atom atom : atoms) {
        for (Atom.Part part : atom.parts()) {
          if (part instanceof Atom.Part.Secret secret) {
            names.add(secret.name());
          }
        }
      }
    }
    if (statements.stream().noneMatch(SetupStatement.Attach.class::isInstance)) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the setupSql of source '"
              + alias
              + "' attaches nothing: ATTACH … AS {{alias}} is missing");
    }
    return new SetupSql(alias, text, statements, credentials, names);
  }

  private static List<List<Atom>> statements(String alias, String text) {
    try {
      return AtomReader.statements(alias, text);
    } catch (PolderException e) {
      if (e.code() == ErrorCode.INVALID_PARAMETER) {
        throw e;
      }
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the setupSql of source '" + alias + "' cannot be read: " + e.getMessage(),
          e);
    }
  }

  /** The secrets that it uses, in the order in which it does. */
  public SequencedSet<String> secretNames() {
    return secretNames;
  }

  /** The extensions that it loads or installs, in order of name. */
  public SequencedSet<String> extensions() {
    SequencedSet<String> extensions = new TreeSet<>();
    for (SetupStatement statement : statements) {
      switch (statement) {
        case SetupStatement.Install install -> extensions.add(install.extension());
        case SetupStatement.Load load -> extensions.add(load.extension());
        case SetupStatement.CreateSecret secret -> {}
        case SetupStatement.Attach attach -> {}
        case SetupStatement.Setting setting -> {}
      }
    }
    return extensions;
  }

  /** The names of options that hold a credential written out instead of {@code {{secret.NAME}}}. */
  public List<String> inlineCredentials() {
    return credentials.stream().map(Found::name).toList();
  }

  /**
   * Refuses credentials that are written out.
   *
   * @throws PolderException INVALID_PARAMETER naming the options
   */
  public void refuseInlineCredentials() {
    if (!credentials.isEmpty()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the setupSql of source '"
              + alias
              + "' has a credential written out in "
              + String.join(", ", new LinkedHashSet<>(inlineCredentials()))
              + ": put it into a secret and write {{secret.NAME}}, or set allowInlineSecrets");
    }
  }

  /** The text with credentials blotted out, as reads and exports show it. */
  public String redacted() {
    StringBuilder out = new StringBuilder(text);
    for (Found found : credentials.reversed()) {
      out.replace(found.start(), found.end(), found.redacted());
    }
    return out.toString();
  }

  /**
   * The statements with values in them.
   *
   * @param secrets a value for each of {@link #secretNames()}
   * @param extensionDirectory where extensions lie, which then are not installed but there; null:
   *     DuckDB gets them
   * @throws PolderException SECRET_UNRESOLVED for a name without a value
   */
  public PreparedSetup prepare(Map<String, Secret> secrets, @Nullable Path extensionDirectory) {
    Substitution substitution = new Substitution(alias, secrets);
    List<PreparedSetup.Step> steps = new ArrayList<>();
    if (extensionDirectory != null) {
      steps.add(PreparedSetup.Step.extensions(extensionDirectory));
    }
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      SetupStatement statement = statements.get(i);
      if (statement instanceof SetupStatement.Attach attach) {
        paths.addAll(substitution.paths(attach));
      }
      if (extensionDirectory == null || !(statement instanceof SetupStatement.Install)) {
        steps.add(new PreparedSetup.Step(i + 1, substitution.render(statement)));
      }
    }
    List<String> hidden =
        Stream.concat(
                secrets.values().stream().map(Secret::reveal),
                credentials.stream().flatMap(found -> found.values().stream()))
            .toList();
    return new PreparedSetup(alias, steps, paths, hidden, extensionDirectory);
  }

  @Override
  public String toString() {
    return "SetupSql[" + alias + ", " + statements.size() + " statements]";
  }
}
