package dev.polder.federation.setup.internal;

import dev.polder.duck.Sql;
import dev.polder.federation.setup.internal.Atom.Kind;
import dev.polder.federation.setup.internal.SetupStatement.Attach;
import dev.polder.federation.setup.internal.SetupStatement.CreateSecret;
import dev.polder.federation.setup.internal.SetupStatement.Install;
import dev.polder.federation.setup.internal.SetupStatement.Load;
import dev.polder.federation.setup.internal.SetupStatement.Option;
import dev.polder.federation.setup.internal.SetupStatement.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds passwords, keys and tokens that are written out in set-up SQL: in options of such names,
 * and in connection strings. Stateless.
 */
public final class InlineCredentials {
  private static final Pattern SENSITIVE =
      Pattern.compile("PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|KEY|CREDENTIAL|BEARER|HEADERS");

  /** Names like these say where a key is, or which. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          ".*_(URI|URL|ENDPOINT|FILE|PATH|TYPE|MODE)|SSL_?KEY|SSL_?CERT|KMS_KEY_ID|KEEP_?ALIVE|.*KEYS?PACE");

  private static final Pattern PAIR =
      Pattern.compile(
          "(?i)([a-z0-9_]*(?:password|passwd|passphrase|pwd|secret|token|accountkey|accesskey|access_key|api_?key|sharedaccesssignature)[a-z0-9_]*)"
              + "\\s*=\\s*('(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s;&]+)");
  private static final Pattern USER_INFO = Pattern.compile("://([^/\\s:@]*):([^/\\s@]+)@");
  private static final String SCHEMES = "(?i)(bearer|basic|token)?\\s*";

  /** What is shown in place of a credential. */
  public static final String REDACTED = "***REDACTED***";

  private InlineCredentials() {}

  /**
   * A token of the text that holds a credential.
   *
   * @param name of the option or pair that does
   * @param start where the token stands in the text as written
   * @param redacted what to show in its place
   * @param values what must not be shown
   */
  public record Found(String name, int start, int end, String redacted, List<String> values) {
    /** Shows no value. */
    @Override
    public String toString() {
      return name;
    }
  }

  /** Those in one statement, in the order of the text. */
  public static List<Found> in(SetupStatement statement) {
    List<Found> found = new ArrayList<>();
    switch (statement) {
      case Install install -> {}
      case Load load -> {}
      case Setting setting -> {}
      case CreateSecret secret -> secret.options().forEach(o -> option(o, false, found));
      case Attach attach -> {
        string(attach.target(), found);
        attach.options().forEach(o -> option(o, true, found));
      }
    }
    return found;
  }

  private static void option(Option option, boolean attach, List<Found> found) {
    // In ATTACH, SECRET names a secret that CREATE SECRET has made.
    boolean names = attach && option.name().equals("SECRET");
    boolean sensitive =
        SENSITIVE.matcher(option.name()).find()
            && !HARMLESS.matcher(option.name()).matches()
            && !names;
    for (int i = 0; i < option.value().size(); i++) {
      Atom atom = option.value().get(i);
      boolean key = i + 1 < option.value().size() && option.value().get(i + 1).isSymbol(":");
      boolean value = atom.kind() != Kind.SYMBOL && !atom.isWord("MAP") && !key;
      if (sensitive && value && isWritten(atom)) {
        found.add(
            new Found(
                option.name(),
                atom.start(),
                atom.end(),
                Sql.literal(REDACTED),
                List.of(atom.writtenText())));
      } else if (atom.kind() == Kind.STRING) {
        string(atom, found);
      }
    }
  }

  private static boolean isWritten(Atom atom) {
    String text = atom.writtenText();
    return !text.equals(REDACTED)
        && (atom.hasPlaceholders() ? !text.matches(SCHEMES) : !text.isBlank());
  }

  private static void string(Atom atom, List<Found> found) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    Function<MatchResult, String> blot =
        pair -> {
          String value = pair.group(2);
          String written = literal(value);
          if (written.isEmpty() || written.equals(REDACTED)) {
            return Matcher.quoteReplacement(pair.group());
          }
          names.add(
              pair.group().startsWith("://") ? "password" : pair.group(1).toLowerCase(Locale.ROOT));
          values.add(written);
          String start = pair.group().substring(0, pair.start(2) - pair.start());
          String end = pair.group().substring(pair.end(2) - pair.start());
          return Matcher.quoteReplacement(start + REDACTED + end);
        };
    String content = atom.content();
    String redacted = USER_INFO.matcher(PAIR.matcher(content).replaceAll(blot)).replaceAll(blot);
    if (!names.isEmpty()) {
      found.add(
          new Found(names.getFirst(), atom.start(), atom.end(), Sql.literal(redacted), values));
    }
  }

  /** What of a value is written out, if anything is. */
  private static String literal(String value) {
    return value.replaceAll("\\{\\{[^{}]*\\}\\}", "").replaceAll("^['\"]+|['\"]+$", "").strip();
  }
}
