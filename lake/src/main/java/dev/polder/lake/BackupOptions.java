package dev.polder.lake;

import dev.polder.lake.backup.BackupPlaces;
import java.nio.file.Path;

/**
 * Where backups may lie and the key that opens them.
 *
 * @param places closed with the lake
 */
public record BackupOptions(BackupPlaces places, Path keyFile) {}
