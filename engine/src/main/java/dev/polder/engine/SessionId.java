package dev.polder.engine;

import java.util.UUID;

/** Names one open session within this server. Unguessable. */
public record SessionId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
