package dev.polder.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a YAML file into keys and texts, each with its line. Used once, by one thread. */
final class YamlValues {
  private final Path file;
  private final Map<String, ConfigurationValue> values = new LinkedHashMap<>();
  private final List<String> faults;

  private YamlValues(Path file, List<String> faults) {
    this.file = file;
    this.faults = faults;
  }

  static Map<String, ConfigurationValue> read(Path file, List<String> faults) {
    if (!Files.isRegularFile(file)) {
      faults.add(file + ": there is no such configuration file");
      return Map.of();
    }
    YamlValues reader = new YamlValues(file, faults);
    try (JsonParser parser = YAMLFactory.builder().build().createParser(file.toFile())) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        reader.section(parser, "");
      } else if (first != null && first != JsonToken.VALUE_NULL) {
        faults.add(file + ":" + line(parser) + ": the file must hold keys, such as 'http:'");
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("no YAML");
      faults.add(file + ":" + line + ": " + reason);
    } catch (IOException e) {
      faults.add(file + ": cannot be read: " + e.getMessage());
    }
    return reader.values;
  }

  private void section(JsonParser parser, String prefix) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = prefix + parser.currentName();
      int line = line(parser);
      switch (parser.nextToken()) {
        case START_OBJECT -> section(parser, name, line);
        case START_ARRAY -> {
          faults.add(file + ":" + line + ": " + name + " takes one value, not a list");
          parser.skipChildren();
        }
        case VALUE_NULL -> {
          if (!ConfigurationSchema.isSection(name)) {
            put(name, "", line);
          }
        }
        default -> put(name, parser.getText(), line);
      }
    }
  }

  private void section(JsonParser parser, String name, int line) throws IOException {
    if (ConfigurationSchema.byName().containsKey(name)) {
      faults.add(file + ":" + line + ": " + name + " takes one value, no keys below it");
      parser.skipChildren();
    } else if (ConfigurationSchema.isSection(name)) {
      section(parser, name + ".");
    } else {
      put(name, "", line);
      parser.skipChildren();
    }
  }

  private void put(String name, String text, int line) {
    ConfigurationValue earlier = values.put(name, new ConfigurationValue(text, file + ":" + line));
    if (earlier != null) {
      faults.add(file + ":" + line + ": " + name + " is set twice, first at " + earlier.origin());
    }
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
