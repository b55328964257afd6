package dev.polder.server.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/**
 * What a query answered, with each value as a text that tells types and special values apart.
 * Immutable.
 */
public record Answer(List<String> columns, List<String> types, List<List<String>> rows) {
  public Answer {
    columns = List.copyOf(columns);
    types = List.copyOf(types);
    rows = List.copyOf(rows);
  }

  /** The rows in an order of their own, for queries that promise none. */
  public Answer sorted() {
    return new Answer(
        columns, types, rows.stream().sorted(Comparator.comparing(List::toString)).toList());
  }

  /** The only value of a single row and column. */
  public String value() {
    if (rows.size() != 1 || rows.getFirst().size() != 1) {
      throw new AssertionError("not a single value: " + rows);
    }
    return rows.getFirst().getFirst();
  }

  /** The values of one column, counted from 0. */
  public List<String> column(int index) {
    return rows.stream().map(row -> row.get(index)).toList();
  }

  /** Appends a batch's rows. */
  public static void append(
      VectorSchemaRoot root, DictionaryProvider dictionaries, List<List<String>> rows) {
    List<FieldVector> vectors = root.getFieldVectors();
    for (int row = 0; row < root.getRowCount(); row++) {
      List<String> values = new ArrayList<>();
      for (FieldVector vector : vectors) {
        values.add(CanonicalText.of(vector.getObject(row)));
      }
      rows.add(List.copyOf(values));
    }
    for (int column = 0; column < vectors.size(); column++) {
      decode(vectors.get(column), column, dictionaries, rows, root.getRowCount());
    }
  }

  private static void decode(
      FieldVector vector,
      int column,
      DictionaryProvider dictionaries,
      List<List<String>> rows,
      int count) {
    var encoding = vector.getField().getDictionary();
    if (encoding == null) {
      return;
    }
    var dictionary = dictionaries.lookup(encoding.getId());
    if (dictionary == null) {
      return;
    }
    try (var decoded = DictionaryEncoder.decode(vector, dictionary)) {
      for (int row = 0; row < count; row++) {
        int at = rows.size() - count + row;
        List<String> values = new ArrayList<>(rows.get(at));
        values.set(column, CanonicalText.of(decoded.getObject(row)));
        rows.set(at, List.copyOf(values));
      }
    }
  }
}
