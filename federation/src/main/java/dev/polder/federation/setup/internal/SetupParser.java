package dev.polder.federation.setup.internal;

import dev.polder.federation.setup.internal.Atom.Kind;
import dev.polder.federation.setup.internal.SetupStatement.Attach;
import dev.polder.federation.setup.internal.SetupStatement.CreateSecret;
import dev.polder.federation.setup.internal.SetupStatement.Install;
import dev.polder.federation.setup.internal.SetupStatement.Load;
import dev.polder.federation.setup.internal.SetupStatement.Option;
import dev.polder.federation.setup.internal.SetupStatement.Setting;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads one statement of set-up SQL. What it does not know is refused, and so is every value that
 * is not a literal: a function's call could read the server's files and environment. Used once.
 */
public final class SetupParser {
  /** How sources are read; nothing about what an instance may reach. */
  private static final Set<String> SETTINGS =
      Set.of(
          "pg_array_as_varchar",
          "pg_connection_cache",
          "pg_connection_limit",
          "pg_experimental_filter_pushdown",
          "pg_null_byte_replacement",
          "pg_pages_per_task",
          "pg_use_binary_copy",
          "pg_use_ctid_scan",
          "pg_use_text_protocol",
          "mysql_bit1_as_boolean",
          "mysql_enable_transactions",
          "mysql_experimental_filter_pushdown",
          "mysql_incomplete_dates_as_nulls",
          "mysql_session_time_zone",
          "mysql_time_as_time",
          "mysql_tinyint1_as_boolean",
          "sqlite_all_varchar",
          "ducklake_max_retry_count",
          "ducklake_retry_backoff",
          "ducklake_retry_wait_ms",
          "http_keep_alive",
          "http_retries",
          "http_retry_backoff",
          "http_retry_wait_ms",
          "http_timeout");

  private static final String ALLOWED =
      "setupSql may hold INSTALL, LOAD, CREATE SECRET, ATTACH and SET of what concerns sources";

  private final String alias;
  private final int number;
  private final List<Atom> atoms;
  private int at;

  private SetupParser(String alias, int number, List<Atom> atoms) {
    this.alias = alias;
    this.number = number;
    this.atoms = atoms;
  }

  /**
   * Reads a statement that is not empty.
   *
   * @param number from 1, for messages
   */
  public static SetupStatement statement(String alias, int number, List<Atom> atoms) {
    SetupParser parser = new SetupParser(alias, number, atoms);
    SetupStatement statement = parser.statement();
    if (parser.at < atoms.size()) {
      throw parser.unexpected();
    }
    return statement;
  }

  private SetupStatement statement() {
    if (accept("INSTALL")) {
      return install();
    }
    if (accept("LOAD")) {
      return new Load(extension());
    }
    if (accept("CREATE")) {
      return createSecret();
    }
    if (accept("ATTACH")) {
      return attach();
    }
    if (accept("SET")) {
      return setting();
    }
    Atom first = atoms.getFirst();
    throw refused(
        (first.isPlainName() ? first.upper() + " is not allowed; " : "not allowed; ") + ALLOWED);
  }

  private Install install() {
    String extension = extension();
    if (accept("FROM") && !accept("core")) {
      throw refused("extensions come from core alone, by name");
    }
    return new Install(extension);
  }

  /** A file's path in this place would load any native code. */
  private String extension() {
    Atom name = next();
    if (!name.isPlainName()) {
      throw refused("an extension is given by its name alone");
    }
    return name.writtenText().toLowerCase(Locale.ROOT);
  }

  private CreateSecret createSecret() {
    boolean replace = acceptAll("OR", "REPLACE");
    if (!accept("TEMPORARY")) {
      accept("TEMP");
    }
    if (!accept("SECRET")) {
      throw refused(
          "CREATE makes secrets alone, which end with the instance: CREATE [OR REPLACE]"
              + " [TEMPORARY] SECRET name (…)");
    }
    boolean ifNotExists = acceptAll("IF", "NOT", "EXISTS");
    Atom name = peekSymbol("(") ? null : name();
    return new CreateSecret(replace, ifNotExists, name, options());
  }

  private Attach attach() {
    boolean replace = acceptAll("OR", "REPLACE");
    accept("DATABASE");
    boolean ifNotExists = acceptAll("IF", "NOT", "EXISTS");
    Atom target = next();
    boolean bare = target.kind() == Kind.WORD && target.hasPlaceholders();
    if (target.kind() != Kind.STRING && !bare) {
      throw refused("what ATTACH attaches is a text in quotes");
    }
    if (!accept("AS")) {
      throw refused("ATTACH needs AS {{alias}}");
    }
    Atom name = name();
    if (!isAlias(name)) {
      throw refused("ATTACH may attach under the source's own name alone: AS {{alias}}");
    }
    return new Attach(replace, ifNotExists, target, at < atoms.size() ? options() : List.of());
  }

  private boolean isAlias(Atom name) {
    if (name.hasPlaceholders()) {
      return name.parts().equals(List.of(new Atom.Part.Alias()));
    }
    return name.writtenText().equalsIgnoreCase(alias);
  }

  private Setting setting() {
    if (!accept("GLOBAL")) {
      accept("SESSION");
    }
    Atom name = next();
    String setting = name.writtenText().toLowerCase(Locale.ROOT);
    if (!name.isPlainName() || !SETTINGS.contains(setting)) {
      throw refused(
          (name.isPlainName() ? "the setting '" + setting + "'" : "that") + " cannot be set here");
    }
    if (!acceptSymbol("=") && !accept("TO")) {
      throw unexpected();
    }
    List<Atom> value = value(false);
    if (value.isEmpty()) {
      throw refused("the setting '" + setting + "' needs a value");
    }
    return new Setting(setting, value);
  }

  private Atom name() {
    Atom name = next();
    if (!name.isName()) {
      throw refused("a name is missing");
    }
    return name;
  }

  private List<Option> options() {
    if (!acceptSymbol("(")) {
      throw unexpected();
    }
    List<Option> options = new ArrayList<>();
    while (!acceptSymbol(")")) {
      if (!options.isEmpty() && !acceptSymbol(",")) {
        throw unexpected();
      }
      Atom name = next();
      if (!name.isPlainName()) {
        throw refused("the name of an option is missing");
      }
      options.add(new Option(name.upper(), value(true)));
    }
    return options;
  }

  /** Literals up to the comma or parenthesis that ends the option. */
  private List<Atom> value(boolean inOptions) {
    List<Atom> value = new ArrayList<>();
    int depth = 0;
    while (at < atoms.size()) {
      Atom atom = atoms.get(at);
      if (depth == 0 && inOptions && (atom.isSymbol(",") || atom.isSymbol(")"))) {
        return value;
      }
      if (atom.isSymbol("[") || atom.isSymbol("{")) {
        depth++;
      } else if (atom.isSymbol("]") || atom.isSymbol("}")) {
        depth--;
      } else if (atom.kind() == Kind.SYMBOL
          && !atom.isSymbol("-")
          && !(depth > 0 && (atom.isSymbol(",") || atom.isSymbol(":")))) {
        throw refused("a value must be a literal: '" + atom.writtenText() + "' cannot stand in it");
      }
      if (depth < 0) {
        throw unexpected();
      }
      value.add(atom);
      at++;
    }
    if (inOptions || depth != 0) {
      throw refused("the statement ends too early");
    }
    return value;
  }

  private Atom next() {
    if (at >= atoms.size()) {
      throw refused("the statement ends too early");
    }
    return atoms.get(at++);
  }

  private boolean accept(String word) {
    boolean found = at < atoms.size() && atoms.get(at).isWord(word);
    at += found ? 1 : 0;
    return found;
  }

  private boolean acceptAll(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (at + i >= atoms.size() || !atoms.get(at + i).isWord(words[i])) {
        return false;
      }
    }
    at += words.length;
    return true;
  }

  private boolean peekSymbol(String symbol) {
    return at < atoms.size() && atoms.get(at).isSymbol(symbol);
  }

  private boolean acceptSymbol(String symbol) {
    boolean found = peekSymbol(symbol);
    at += found ? 1 : 0;
    return found;
  }

  /** Names the place by a keyword or sign alone: a text may be a password. */
  private PolderException unexpected() {
    if (at >= atoms.size()) {
      return refused("the statement ends too early");
    }
    Atom atom = atoms.get(at);
    boolean shown = (atom.kind() == Kind.WORD && atom.isPlainName()) || atom.kind() == Kind.SYMBOL;
    return refused(
        shown
            ? "'" + atom.writtenText() + "' cannot stand there"
            : "a value stands where none can");
  }

  private PolderException refused(String why) {
    return SetupFailures.refused(alias, number, why);
  }
}
