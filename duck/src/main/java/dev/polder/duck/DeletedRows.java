package dev.polder.duck;

/**
 * The deleted rows of the files of one scan. Asked from several native threads at once, millions of
 * times a second: implementations are immutable and must not block.
 */
@FunctionalInterface
public interface DeletedRows {
  boolean isDeleted(int fileIndex, long row);
}
