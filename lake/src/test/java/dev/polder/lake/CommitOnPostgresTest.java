package dev.polder.lake;

class CommitOnPostgresTest extends CommitContract {
  @Override
  TestLake openLake() {
    return new TestLake(TestPostgres.open(), directory);
  }
}
