package dev.polder.metastore.internal;

import java.sql.SQLException;

/** How to reach one database for writing. */
public interface Link {
  /** Opens a connection in auto-commit mode that nobody else uses. */
  Sql open() throws SQLException;

  /**
   * The statement that begins a transaction which no other writer's can overlap, on this server or
   * another.
   */
  String begin();
}
