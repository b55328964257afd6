package dev.polder.server;

import dev.polder.server.cli.Cli;
import dev.polder.server.cli.Screen;

/** Where the process begins: hands its arguments to the commands. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new Cli(PolderServer::start, Screen.standard(), System.getenv()).run(arguments));
  }
}
