package dev.polder.lake.lineage;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;

/**
 * Where files are taken over from.
 *
 * @param files reads the other warehouse's files
 * @param present sizes of the files that the table's newest version here reaches
 * @param digest the SHA-256 of a file there, in hexadecimal digits
 */
public record Foreign(FileIO files, Map<String, Long> present, UnaryOperator<String> digest) {
  public Foreign {
    present = Map.copyOf(present);
  }
}
