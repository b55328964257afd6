package dev.polder.lake;

class CommitOnS3Test extends CommitContract {
  @Override
  TestLake openLake() {
    return new TestLake(directory, S3Server.running().warehouse());
  }

  @Override
  int appends() {
    return 24;
  }
}
