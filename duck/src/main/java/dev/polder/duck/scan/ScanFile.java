package dev.polder.duck.scan;

/**
 * A data file of a scan.
 *
 * @param index by which {@link dev.polder.duck.DeletedRows} and row identities name the file
 */
public record ScanFile(String path, int index, long recordCount, boolean hasDeletes) {}
