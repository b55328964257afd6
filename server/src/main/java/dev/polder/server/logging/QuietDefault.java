package dev.polder.server.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.polder.server.config.LogSettings;

/** What Logback does before the configuration is read: warnings alone, as text. */
public final class QuietDefault extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logging.apply(new LogSettings(LogSettings.Level.WARN, LogSettings.Format.TEXT), context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
