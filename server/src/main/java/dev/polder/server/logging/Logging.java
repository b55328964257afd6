package dev.polder.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.polder.server.config.LogSettings;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Sets up Logback in code: events go to standard error, as text or as JSON. Libraries are held to
 * warnings unless the level asks for more than info.
 */
public final class Logging {
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{24} %msg%n";

  /** Libraries that tell of their everyday doings at info. */
  private static final List<String> CHATTY =
      List.of(
          "org.eclipse.jetty",
          "io.javalin",
          "org.apache.iceberg",
          "org.apache.arrow",
          "org.flywaydb",
          "com.zaxxer.hikari",
          "io.netty",
          "io.grpc",
          "software.amazon.awssdk");

  private Logging() {}

  /** Replaces whatever logging was set up before. */
  public static void apply(LogSettings settings) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      apply(settings, context);
    }
  }

  static void apply(LogSettings settings, LoggerContext context) {
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(settings.format(), context));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    Level level = Level.toLevel(settings.level().name());
    root.setLevel(level);
    if (level == Level.INFO) {
      CHATTY.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
      // It warns with each upload that the JDK sets the length itself.
      context.getLogger("com.azure.core.http.jdk").setLevel(Level.ERROR);
    }
  }

  private static Encoder<ILoggingEvent> encoder(LogSettings.Format format, LoggerContext context) {
    return switch (format) {
      case TEXT -> {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        yield text;
      }
      case JSON -> {
        JsonEncoder json = new JsonEncoder();
        json.setContext(context);
        json.setWithSequenceNumber(false);
        json.setWithNanoseconds(false);
        json.start();
        yield json;
      }
    };
  }
}
