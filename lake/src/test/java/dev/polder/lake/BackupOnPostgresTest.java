package dev.polder.lake;

import dev.polder.lake.backup.BackupPlaces;
import java.util.Optional;

class BackupOnPostgresTest extends BackupContract {
  @Override
  TestLake openLake() {
    return new TestLake(TestPostgres.open(), directory);
  }

  @Override
  BackupPlaces openPlaces() {
    return new BackupPlaces(directory.resolve("backups"), Optional.empty(), Optional.empty());
  }

  @Override
  String uri(String name) {
    return name;
  }
}
