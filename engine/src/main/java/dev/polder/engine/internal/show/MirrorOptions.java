package dev.polder.engine.internal.show;

import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.MirrorStatement.MirrorDatabase;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What MIRROR DATABASE says after WITH; what would have no effect is refused. Immutable.
 *
 * @param syncTimeoutMicros 0: nobody is waited for
 */
record MirrorOptions(long syncTimeoutMicros, TimeoutAction onTimeout) {
  private static final long TIMEOUT_MICROS = TimeUnit.SECONDS.toMicros(5);

  static MirrorOptions of(MirrorDatabase statement) {
    boolean elsewhere = statement.cluster().isPresent();
    long timeout = elsewhere ? TIMEOUT_MICROS : 0;
    TimeoutAction action = TimeoutAction.FAIL;
    for (Map.Entry<String, String> option : statement.options().entrySet()) {
      switch (option.getKey().toLowerCase(Locale.ROOT)) {
        case "sync_timeout" -> {
          if (!elsewhere) {
            throw refused(
                "sync_timeout is for a source on another server; a mirror in the same one takes"
                    + " each commit within the commit's own transaction, and nothing waits for it:"
                    + " leave it out");
          }
          timeout = micros(option.getValue());
        }
        case "on_timeout" ->
            action =
                switch (option.getValue().toLowerCase(Locale.ROOT)) {
                  case "fail" -> TimeoutAction.FAIL;
                  case "degrade" -> TimeoutAction.DEGRADE;
                  default -> throw refused("on_timeout is 'fail' or 'degrade'");
                };
        default -> throw refused("the options are sync_timeout and on_timeout");
      }
    }
    if (!statement.options().isEmpty() && !statement.synchronous()) {
      throw refused("sync_timeout and on_timeout belong to MODE = sync");
    }
    return new MirrorOptions(timeout, action);
  }

  private static long micros(String text) {
    if (!text.matches("[0-9]{1,4}s")) {
      throw refused("sync_timeout is a number of seconds, such as '5s'");
    }
    return TimeUnit.SECONDS.toMicros(Long.parseLong(text.substring(0, text.length() - 1)));
  }

  private static PolderException refused(String why) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, "MIRROR DATABASE: " + why);
  }
}
