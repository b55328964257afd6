package dev.polder.door.http;

import dev.polder.engine.MirrorFeed;
import dev.polder.model.DatabaseName;
import dev.polder.policy.Identity;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Answers what it was asked for. */
final class FixedFeed implements MirrorFeed {
  @Override
  public String snapshot(Identity who, DatabaseName database) {
    return "{\"snapshot\":\"" + database + "\"}";
  }

  @Override
  public String rest(Identity who, DatabaseName database, String lease, long from) {
    return "{\"more\":false}";
  }

  @Override
  public String commits(
      Identity who,
      DatabaseName database,
      long after,
      long accessEpoch,
      long waitMillis,
      Optional<String> follower) {
    return "{\"after\":" + after + "}";
  }

  @Override
  public String join(
      Identity who,
      DatabaseName database,
      String follower,
      DatabaseName mirror,
      long syncTimeoutMicros,
      String onTimeout) {
    return "{\"kept\":true}";
  }

  @Override
  public String staged(
      Identity who, DatabaseName database, String follower, Optional<String> offer) {
    return "{\"kept\":" + offer.isPresent() + "}";
  }

  @Override
  public String leave(Identity who, DatabaseName database, String follower) {
    return "{\"kept\":false}";
  }

  @Override
  public String keep(Identity who, DatabaseName database, String lease) {
    return "{\"kept\":true}";
  }

  @Override
  public String release(Identity who, DatabaseName database, String lease) {
    return "{\"kept\":false}";
  }

  @Override
  public String digest(Identity who, DatabaseName database, String path, Runnable progress) {
    return "{\"bytes\":1}";
  }

  @Override
  public Content file(Identity who, DatabaseName database, String path, long offset) {
    byte[] bytes = path.substring(Math.toIntExact(offset)).getBytes(StandardCharsets.UTF_8);
    return new Content(bytes.length, new ByteArrayInputStream(bytes));
  }
}
