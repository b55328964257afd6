package dev.polder.door.http.internal.result;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;

/**
 * Lists are arrays, structs objects, a union its member. A map with text keys is an object, any
 * other an array of {@code {"key":…,"value":…}}.
 */
final class NestedEncoders {
  private NestedEncoders() {}

  static ColumnEncoder list(ListVector vector, DuckType type) {
    ColumnEncoder element = Encoders.of(vector.getDataVector(), type.child(0));
    return ColumnEncoder.nested(
        vector,
        (out, row) ->
            elements(
                out, element, vector.getElementStartIndex(row), vector.getElementEndIndex(row)));
  }

  static ColumnEncoder list(LargeListVector vector, DuckType type) {
    ColumnEncoder element = Encoders.of(vector.getDataVector(), type.child(0));
    return ColumnEncoder.nested(
        vector,
        (out, row) ->
            elements(
                out,
                element,
                Math.toIntExact(vector.getElementStartIndex(row)),
                Math.toIntExact(vector.getElementEndIndex(row))));
  }

  static ColumnEncoder array(FixedSizeListVector vector, DuckType type) {
    ColumnEncoder element = Encoders.of(vector.getDataVector(), type.child(0));
    int size = vector.getListSize();
    return ColumnEncoder.nested(
        vector, (out, row) -> elements(out, element, row * size, row * size + size));
  }

  static ColumnEncoder struct(StructVector vector, DuckType type) {
    List<SerializedString> names = new ArrayList<>();
    List<ColumnEncoder> fields = new ArrayList<>();
    for (FieldVector child : vector.getChildrenFromFields()) {
      names.add(new SerializedString(child.getName()));
      fields.add(Encoders.of(child, type.child(fields.size())));
    }
    return ColumnEncoder.nested(
        vector,
        (out, row) -> {
          out.writeStartObject();
          for (int i = 0; i < fields.size(); i++) {
            out.writeFieldName(names.get(i));
            fields.get(i).writeJson(out, row);
          }
          out.writeEndObject();
        });
  }

  static ColumnEncoder map(MapVector vector, DuckType type) {
    StructVector entries = (StructVector) vector.getDataVector();
    List<FieldVector> children = entries.getChildrenFromFields();
    ColumnEncoder key = Encoders.of(children.get(0), type.child(0));
    ColumnEncoder value = Encoders.of(children.get(1), type.child(1));
    if (type.child(0).name().equals("VARCHAR")) {
      return ColumnEncoder.nested(
          vector,
          (out, row) -> {
            out.writeStartObject();
            for (int i = vector.getElementStartIndex(row);
                i < vector.getElementEndIndex(row);
                i++) {
              out.writeFieldName(String.valueOf(key.text(i)));
              value.writeJson(out, i);
            }
            out.writeEndObject();
          });
    }
    return ColumnEncoder.nested(
        vector,
        (out, row) -> {
          out.writeStartArray();
          for (int i = vector.getElementStartIndex(row); i < vector.getElementEndIndex(row); i++) {
            out.writeStartObject();
            out.writeFieldName("key");
            key.writeJson(out, i);
            out.writeFieldName("value");
            value.writeJson(out, i);
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  static ColumnEncoder union(UnionVector vector, DuckType type) {
    List<FieldVector> members = vector.getChildrenFromFields();
    Map<FieldVector, ColumnEncoder> encoders = new HashMap<>();
    for (int i = 0; i < members.size(); i++) {
      encoders.put(members.get(i), Encoders.of(members.get(i), type.child(i)));
    }
    return ColumnEncoder.nested(
        vector,
        (out, row) -> {
          ColumnEncoder member =
              vector.getVector(row) instanceof FieldVector found ? encoders.get(found) : null;
          if (member == null) {
            out.writeNull();
          } else {
            member.writeJson(out, row);
          }
        });
  }

  private static void elements(JsonGenerator out, ColumnEncoder element, int from, int to)
      throws IOException {
    out.writeStartArray();
    for (int i = from; i < to; i++) {
      element.writeJson(out, i);
    }
    out.writeEndArray();
  }
}
