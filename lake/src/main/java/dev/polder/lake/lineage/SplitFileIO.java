package dev.polder.lake.lineage;

import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/** Writes to its own place; reads from there what lies there, and all else elsewhere. */
final class SplitFileIO implements FileIO {
  private final String location;
  private final transient FileIO own;
  private final transient FileIO other;

  SplitFileIO(String location, FileIO own, FileIO other) {
    this.location = location + "/";
    this.own = own;
    this.other = other;
  }

  @Override
  public InputFile newInputFile(String path) {
    return (path.startsWith(location) ? own : other).newInputFile(path);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return own.newOutputFile(path);
  }

  @Override
  public void deleteFile(String path) {
    own.deleteFile(path);
  }
}
