package dev.polder.lake;

class CommitTest extends CommitContract {
  @Override
  TestLake openLake() {
    return new TestLake(directory);
  }
}
