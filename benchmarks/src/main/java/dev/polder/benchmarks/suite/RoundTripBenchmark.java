package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.RateLoop;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.side.FlightConnection;
import dev.polder.server.client.PolderClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The smallest statement, by door and by number of clients. Stateless. */
final class RoundTripBenchmark {
  private static final String SQL = "SELECT 1";
  private static final int CLIENTS = 4;

  private RoundTripBenchmark() {}

  static Section run(Lab lab) throws Exception {
    lab.progress().step("round trips");
    List<AutoCloseable> open = new ArrayList<>();
    try {
      Map<String, List<RateLoop.Call>> doors = doors(lab, open);
      return new Section(
          "SELECT 1, round trips",
          measure(lab, doors),
          List.of("each client has a connection of its own; HTTP keeps it alive"));
    } finally {
      for (AutoCloseable closeable : open.reversed()) {
        closeable.close();
      }
    }
  }

  private static Map<String, List<RateLoop.Call>> doors(Lab lab, List<AutoCloseable> open) {
    Map<String, List<RateLoop.Call>> doors = new LinkedHashMap<>();
    for (int i = 0; i < CLIENTS; i++) {
      FlightConnection flight = lab.flight();
      open.add(flight);
      FlightConnection preparing = lab.flight();
      open.add(preparing);
      FlightConnection.Prepared prepared = preparing.prepare(SQL);
      open.add(prepared);
      PolderClient http = lab.http();
      open.add(http);
      add(doors, "Flight SQL", () -> check(flight.read(SQL, false).rows()));
      add(doors, "Flight SQL, prepared", () -> check(prepared.read(false).rows()));
      add(doors, "HTTP", () -> check(http.execute(SQL).rows().size()));
    }
    doors.put("DuckDB alone, in process", List.of(() -> check(lab.bare().read(SQL, false).rows())));
    return doors;
  }

  private static void add(Map<String, List<RateLoop.Call>> doors, String name, RateLoop.Call call) {
    doors.computeIfAbsent(name, key -> new ArrayList<>()).add(call);
  }

  private static void check(long rows) {
    if (rows != 1) {
      throw new IllegalStateException(SQL + " answered " + rows + " rows");
    }
  }

  private static List<Figure> measure(Lab lab, Map<String, List<RateLoop.Call>> doors)
      throws Exception {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    int runs = lab.plan().runs();
    for (int run = -1; run < runs; run++) {
      for (var door : doors.entrySet()) {
        List<RateLoop.Call> calls = door.getValue();
        for (int clients : calls.size() == 1 ? new int[] {1} : new int[] {1, CLIENTS}) {
          double rate = RateLoop.perSecond(calls.subList(0, clients), lab.plan().seconds() / 2);
          if (run >= 0) {
            String name = door.getKey() + (clients == 1 ? ", 1 client" : ", 4 clients");
            rates.computeIfAbsent(name, key -> new ArrayList<>()).add(rate);
          }
        }
      }
      lab.progress().at(run + 1, runs);
    }
    List<Figure> figures = new ArrayList<>();
    rates.forEach((name, values) -> figures.add(Figure.alone(name, "1/s", new Samples(values))));
    return figures;
  }
}
