package dev.polder.lake.backup;

import dev.polder.model.DatabaseName;

/**
 * What a backup says of itself to everybody who can read the place where it lies. Immutable.
 *
 * @param place where it lies
 * @param seq the commit whose state it holds
 * @param committedAt the time of that commit, in microseconds
 * @param createdAt when the backup was begun, in microseconds
 * @param bytes of the files before they were encrypted
 * @param key tells which server key opens it
 */
public record BackupInfo(
    String place,
    String id,
    DatabaseName database,
    long seq,
    long committedAt,
    long createdAt,
    long tables,
    long views,
    long files,
    long bytes,
    String key) {}
