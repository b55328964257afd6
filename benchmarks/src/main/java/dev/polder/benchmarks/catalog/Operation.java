package dev.polder.benchmarks.catalog;

import java.io.IOException;
import java.util.List;

/**
 * What is measured, and with how many clients. Immutable.
 *
 * @param clients numbers of clients, each measured by itself
 * @param factor how many times the best peer's rate is the goal; 0 for none
 * @param client makes one client, before the time runs
 */
record Operation(String name, List<Integer> clients, double factor, Client client) {
  @FunctionalInterface
  interface Client {
    Load.Call on(Stand stand) throws IOException;
  }

  static List<Operation> all() {
    List<Integer> readers = List.of(1, 8);
    List<Integer> writers = List.of(1, 8, 32);
    return List.of(
        new Operation("config", readers, 0, Stand::config),
        new Operation("loadTable", readers, 3, Stand::load),
        new Operation("listTables", readers, 3, Stand::list),
        new Operation("createTable", readers, 2, Stand::create),
        new Operation("set a property of one table", writers, 2, Stand::set),
        new Operation("append to one table", writers, 2, Stand::append),
        new Operation("append, a table each", List.of(8), 2, Stand::appendAlone));
  }

  String with(int count) {
    return name + ", " + count + (count == 1 ? " client" : " clients");
  }
}
