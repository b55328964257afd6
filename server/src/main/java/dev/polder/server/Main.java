package dev.polder.server;

import dev.polder.server.cli.Cli;
import dev.polder.server.cli.Screen;
import java.util.ServiceLoader;

/** Where the process begins: hands its arguments to the commands. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    ServerStarter starter =
        configuration ->
            ServiceLoader.load(ServerStarter.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this build holds no server"))
                .start(configuration);
    System.exit(new Cli(starter, Screen.standard(), System.getenv()).run(arguments));
  }
}
