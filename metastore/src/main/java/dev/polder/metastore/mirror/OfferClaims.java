package dev.polder.metastore.mirror;

import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.model.SchemaId;
import dev.polder.model.TableRef;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a commit reads and writes: collections, schemas, and names that it takes. Two commits of
 * which one writes what the other needs can end in one order alone. Immutable.
 */
record OfferClaims(Set<String> writes, Set<String> reads) {
  OfferClaims {
    writes = Set.copyOf(writes);
    reads = Set.copyOf(reads);
  }

  static OfferClaims of(CommitRequest request) {
    Set<String> writes = new TreeSet<>();
    Set<String> reads = new TreeSet<>();
    for (SchemaChange change : request.schemaChanges()) {
      writes.add("schema " + change.id());
      switch (change) {
        case SchemaChange.Create it -> writes.add(name(request, it.name().key()));
        case SchemaChange.Rename it -> writes.add(name(request, it.name().key()));
        case SchemaChange.Drop ignored -> {}
      }
    }
    for (CollectionChange change : request.collectionChanges()) {
      switch (change) {
        case CollectionChange.Create it -> place(it.schema(), it.name(), writes, reads);
        case CollectionChange.Rename it -> place(it.schema(), it.name(), writes, reads);
        case CollectionChange.Update ignored -> {}
        case CollectionChange.Drop ignored -> {}
        case CollectionChange.Require ignored -> {}
      }
      (change instanceof CollectionChange.Require ? reads : writes)
          .add("collection " + change.id());
    }
    return new OfferClaims(writes, reads);
  }

  private static String name(CommitRequest request, String key) {
    return "name " + request.tenant() + " " + hex(key);
  }

  private static void place(SchemaId schema, String name, Set<String> writes, Set<String> reads) {
    reads.add("schema " + schema);
    writes.add("name in " + schema + " " + hex(TableRef.of("x", name).key()));
  }

  /** Names may hold line ends. */
  private static String hex(String key) {
    return key.codePoints().mapToObj(Integer::toHexString).collect(Collectors.joining("."));
  }

  boolean conflictsWith(OfferClaims other) {
    return !Collections.disjoint(writes, other.writes)
        || !Collections.disjoint(writes, other.reads)
        || !Collections.disjoint(reads, other.writes);
  }

  static OfferClaims parse(String text) {
    return new OfferClaims(marked(text, "w "), marked(text, "r "));
  }

  private static Set<String> marked(String text, String mark) {
    return text.lines()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .collect(Collectors.toSet());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    writes.forEach(it -> text.append("w ").append(it).append('\n'));
    reads.forEach(it -> text.append("r ").append(it).append('\n'));
    return text.toString();
  }
}
