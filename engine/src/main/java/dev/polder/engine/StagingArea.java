package dev.polder.engine;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * A space's own files for COPY: uploaded before {@code COPY t FROM 'name'}, fetched after {@code
 * COPY t TO 'name'}. Names are single path elements. Every call checks the session's right.
 * Thread-safe.
 */
public interface StagingArea {
  /**
   * Stores a whole file under the name, replacing an older one when complete; returns its size in
   * bytes.
   */
  long put(Session session, String name, InputStream content);

  void read(Session session, String name, OutputStream sink);

  void delete(Session session, String name);

  List<StagedFile> list(Session session);

  /** A file in the area; size in bytes. */
  record StagedFile(String name, long size) {}
}
