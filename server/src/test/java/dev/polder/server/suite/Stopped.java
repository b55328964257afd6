package dev.polder.server.suite;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.ClassPrepareRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stops another process's server at a method, so that it can be killed right there. */
public final class Stopped {
  private static final String AGENT =
      "JAVA_TOOL_OPTIONS=-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";
  private static final Pattern LISTENING = Pattern.compile("dt_socket at address: (\\d+)");
  private static final long PATIENCE_SECONDS = 60;

  private Stopped() {}

  /** Starts a server that can be stopped. */
  public static ServerChild start(Path data) throws IOException {
    return start(data, List.of());
  }

  /**
   * Starts a server that can be stopped.
   *
   * @param settings more of its environment, as {@code NAME=value}
   */
  public static ServerChild start(Path data, List<String> settings) throws IOException {
    List<String> before = new ArrayList<>(List.of("env", AGENT));
    before.addAll(settings);
    return ServerChild.start(data, before, List.of());
  }

  /**
   * Returns when all of the process stands still because the method was called with such a first
   * argument.
   */
  public static void at(
      Path data, String type, String method, Predicate<ObjectReference> argument, Runnable begin)
      throws Exception {
    VirtualMachine machine = attach(data);
    ClassPrepareRequest prepared = machine.eventRequestManager().createClassPrepareRequest();
    prepared.addClassFilter(type);
    prepared.enable();
    machine.classesByName(type).forEach(loaded -> stopIn(machine, loaded, method));
    begin.run();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      EventSet events = machine.eventQueue().remove(TimeUnit.SECONDS.toMillis(1));
      if (events == null) {
        continue;
      }
      for (Event event : events) {
        if (event instanceof ClassPrepareEvent loaded) {
          stopIn(machine, loaded.referenceType(), method);
        }
        if (event instanceof BreakpointEvent reached && argument.test(first(reached))) {
          return;
        }
      }
      events.resume();
    }
    throw new AssertionError(type + "." + method + " was not called so");
  }

  private static VirtualMachine attach(Path data)
      throws IOException, IllegalConnectorArgumentsException {
    Matcher port = LISTENING.matcher(ServerChild.output(data));
    if (!port.find()) {
      throw new AssertionError("nothing listens for a debugger");
    }
    AttachingConnector connector =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(found -> found.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(port.group(1));
    return connector.attach(arguments);
  }

  private static void stopIn(VirtualMachine machine, ReferenceType type, String method) {
    for (Method found : type.methodsByName(method)) {
      machine.eventRequestManager().createBreakpointRequest(found.location()).enable();
    }
  }

  private static ObjectReference first(BreakpointEvent reached)
      throws IncompatibleThreadStateException {
    return (ObjectReference) reached.thread().frame(0).getArgumentValues().getFirst();
  }

  /** The value of a field of the object or of what it extends. */
  public static Value field(ObjectReference object, String name) {
    return object.getValue(object.referenceType().fieldByName(name));
  }
}
