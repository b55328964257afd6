package dev.polder.engine.internal.session;

import dev.polder.engine.SessionId;
import dev.polder.engine.internal.execute.Creations;
import dev.polder.engine.internal.quota.Connections;
import dev.polder.engine.internal.source.SourceTransactions;
import dev.polder.lake.LakeTransaction;
import dev.polder.model.DatabaseName;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Identity;
import dev.polder.sql.authorise.SourcePlace;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a session is bound to and has open. Guarded by the session's statement lock. */
public final class SessionState {
  private final SessionId id;
  private final Identity identity;
  private final Settings settings = new Settings();
  private final PreparedStatements prepared = new PreparedStatements();
  private final Creations creations = new Creations();
  private final Connections.Permit permit;
  private volatile SpaceKey space;
  private volatile DatabaseName database;
  private volatile SchemaName schema;
  private volatile SchemaName defaultSchema;
  private volatile Optional<SourcePlace> place;
  private volatile Optional<SourcePlace> defaultPlace;
  private volatile @Nullable OpenTransaction transaction;
  private final AtomicLong bindings = new AtomicLong(1);

  SessionState(SessionId id, Identity identity, Binding binding, Connections.Permit permit) {
    this.permit = permit;
    this.id = id;
    this.identity = identity;
    this.space = binding.space();
    this.database = binding.database();
    this.schema = binding.schema();
    this.defaultSchema = binding.schema();
    this.place = binding.place();
    this.defaultPlace = binding.place();
  }

  /**
   * A database that a session may work in.
   *
   * @param place where unqualified names go instead of the schema
   */
  public record Binding(
      SpaceKey space, DatabaseName database, SchemaName schema, Optional<SourcePlace> place) {}

  /** A transaction that BEGIN opened. After a failed statement only ROLLBACK is left to it. */
  public static final class OpenTransaction implements AutoCloseable {
    private final LakeTransaction lake;
    private final boolean readOnly;
    private final DoneStatements statements = new DoneStatements();
    private final SourceTransactions sources;
    private boolean failed;

    public OpenTransaction(LakeTransaction lake, SourceTransactions sources, boolean readOnly) {
      this.lake = lake;
      this.sources = sources;
      this.readOnly = readOnly;
    }

    /** What it has open in sources. */
    public SourceTransactions sources() {
      return sources;
    }

    /** Rolls back what was not committed, here and in sources. */
    @Override
    public void close() {
      try (sources) {
        lake.close();
      }
    }

    public LakeTransaction lake() {
      return lake;
    }

    /** What its statements did, for the audit trail; grows with each. */
    public DoneStatements statements() {
      return statements;
    }

    public boolean readOnly() {
      return readOnly;
    }

    public boolean failed() {
      return failed;
    }

    void fail() {
      failed = true;
    }
  }

  public SessionId id() {
    return id;
  }

  public Identity identity() {
    return identity;
  }

  public SpaceKey space() {
    return space;
  }

  public DatabaseName database() {
    return database;
  }

  /** The schema of unqualified names. */
  public SchemaName schema() {
    return schema;
  }

  public void setSchema(SchemaName schema) {
    this.schema = schema;
    this.place = Optional.empty();
  }

  /** The schema of a source that unqualified names go to instead. */
  public Optional<SourcePlace> place() {
    return place;
  }

  public void setPlace(SourcePlace place) {
    this.place = Optional.of(place);
  }

  public void resetSchema() {
    this.schema = defaultSchema;
    this.place = defaultPlace;
  }

  public Settings settings() {
    return settings;
  }

  /** What the open transaction, or the running statement, has made. */
  public Creations creations() {
    return creations;
  }

  public PreparedStatements prepared() {
    return prepared;
  }

  public Optional<OpenTransaction> transaction() {
    return Optional.ofNullable(transaction);
  }

  /** The open transaction's changes, if one is open. */
  public @Nullable LakeTransaction lakeTransaction() {
    OpenTransaction open = transaction;
    return open == null ? null : open.lake();
  }

  public void begin(OpenTransaction opened) {
    transaction = opened;
  }

  public void end() {
    transaction = null;
  }

  /** Its right to be where it is bound to. */
  Connections.Permit permit() {
    return permit;
  }

  /** How often it was bound to a database. */
  long bindings() {
    return bindings.get();
  }

  /** The database's present name: it may have been renamed since. */
  public void setDatabase(DatabaseName name) {
    database = name;
  }

  /**
   * Binds to a database: the open transaction is rolled back, prepared statements are forgotten.
   * When its quota of connections is used up, nothing changes.
   */
  public void bind(Binding binding) {
    permit.move(binding.space());
    OpenTransaction open = transaction;
    if (open != null) {
      transaction = null;
      open.close();
    }
    bindings.incrementAndGet();
    space = binding.space();
    database = binding.database();
    schema = binding.schema();
    defaultSchema = binding.schema();
    place = binding.place();
    defaultPlace = binding.place();
    prepared.clear();
  }
}
