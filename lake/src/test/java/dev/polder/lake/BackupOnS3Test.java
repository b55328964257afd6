package dev.polder.lake;

import dev.polder.lake.backup.BackupPlaces;
import java.util.Optional;

class BackupOnS3Test extends BackupContract {
  private String prefix = "";

  @Override
  TestLake openLake() {
    return new TestLake(directory, S3Server.running().warehouse());
  }

  @Override
  BackupPlaces openPlaces() {
    prefix = "s3://" + S3Server.running().bucket() + "/backups";
    return new BackupPlaces(
        directory.resolve("backups"),
        Optional.of(prefix),
        Optional.of(S3Server.running().settings()));
  }

  @Override
  String uri(String name) {
    return prefix + "/" + name;
  }
}
