package dev.polder.server;

import java.util.ArrayList;
import java.util.List;

/**
 * A condition of a credential access boundary, as far as Google documents it for objects: prefixes
 * of a resource's name and of what is listed, one of which has to hold. Whatever else is written is
 * no condition. Immutable.
 */
record AccessCondition(List<String> objects, List<String> lists) {
  private static final String OBJECT = "resource.name.startsWith(";
  private static final String LIST =
      "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith(";

  static AccessCondition parse(String expression) {
    List<String> objects = new ArrayList<>();
    List<String> lists = new ArrayList<>();
    Text text = new Text(expression);
    do {
      boolean object = text.takes(OBJECT);
      if (!object && !text.takes(LIST)) {
        throw new IllegalArgumentException(expression);
      }
      (object ? objects : lists).add(text.literal());
      if (!text.takes(")")) {
        throw new IllegalArgumentException(expression);
      }
    } while (text.takes(" || "));
    if (!text.isOver()) {
      throw new IllegalArgumentException(expression);
    }
    return new AccessCondition(objects, lists);
  }

  boolean opensObject(String resource) {
    return objects.stream().anyMatch(resource::startsWith);
  }

  boolean opensList(String prefix) {
    return lists.stream().anyMatch(prefix::startsWith);
  }

  private static final class Text {
    private final String text;
    private int at;

    Text(String text) {
      this.text = text;
    }

    boolean isOver() {
      return at == text.length();
    }

    boolean takes(String word) {
      boolean here = text.startsWith(word, at);
      at += here ? word.length() : 0;
      return here;
    }

    /** A string of CEL in single quotes. */
    String literal() {
      if (!takes("'")) {
        throw new IllegalArgumentException(text);
      }
      StringBuilder literal = new StringBuilder();
      while (!takes("'")) {
        char c = text.charAt(at++);
        if (c == '\\') {
          c = text.charAt(at++);
          if (c == 'u') {
            c = (char) Integer.parseInt(text, at, at + 4, 16);
            at += 4;
          } else if (c != '\\' && c != '\'') {
            throw new IllegalArgumentException(text);
          }
        } else if (c < ' ') {
          throw new IllegalArgumentException(text);
        }
        literal.append(c);
      }
      return literal.toString();
    }
  }
}
