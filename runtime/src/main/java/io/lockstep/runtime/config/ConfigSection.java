package io.lockstep.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One level of the file. Remembers which keys were asked for, so that {@link #done} can refuse the
 * others. Every message names the key with its whole path.
 */
final class ConfigSection {
  /** Letters by which a key may differ from the one that was meant. */
  private static final int SLIP_MAX = 2;

  private final String path;
  private final ObjectNode node;
  private final Path folder;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> asked;

  /**
   * @param folder what relative file names start from
   * @param asked collects the full path of every key that is asked for, on all levels
   */
  ConfigSection(String path, ObjectNode node, Path folder, Set<String> asked) {
    this.path = path;
    this.node = node;
    this.folder = folder;
    this.asked = asked;
  }

  String text(String key) {
    return optionalText(key).orElseThrow(() -> missing(key, ""));
  }

  String text(String key, String absent) {
    return optionalText(key).orElse(absent);
  }

  Optional<String> optionalText(String key) {
    return value(key)
        .map(
            value -> {
              if (!value.isValueNode() || value.asText().isBlank()) {
                throw new ConfigException(full(key) + " must be a text, was " + value);
              }
              return value.asText();
            });
  }

  Optional<Path> optionalPath(String key) {
    return optionalText(key).map(text -> folder.resolve(text).normalize());
  }

  Path path(String key) {
    return optionalPath(key).orElseThrow(() -> missing(key, "; it names a file"));
  }

  boolean flag(String key, boolean absent) {
    return value(key)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw new ConfigException(full(key) + " must be true or false, was " + value);
              }
              return value.asBoolean();
            })
        .orElse(absent);
  }

  long number(String key, long absent, long min, long max) {
    return optionalNumber(key, min, max).orElse(absent);
  }

  long number(String key, long min, long max) {
    return optionalNumber(key, min, max).orElseThrow(() -> missing(key, "; " + range(min, max)));
  }

  int port(String key, int absent) {
    return (int) number(key, absent, 1, 65_535);
  }

  int port(String key) {
    return (int) number(key, 1, 65_535);
  }

  Duration millis(String key, Duration absent, Duration min, Duration max) {
    return Duration.ofMillis(number(key, absent.toMillis(), min.toMillis(), max.toMillis()));
  }

  List<String> texts(String key, List<String> absent) {
    return value(key)
        .map(
            value -> {
              var texts = new ArrayList<String>();
              value.forEach(item -> texts.add(item.asText()));
              if (!value.isArray() || texts.isEmpty()) {
                throw new ConfigException(full(key) + " must be a list, was " + value);
              }
              return List.copyOf(texts);
            })
        .orElse(absent);
  }

  /** An absent section is an empty one: all its keys have their defaults. */
  <T> T section(String key, Function<ConfigSection, T> read) {
    var content = value(key).map(value -> object(full(key), value)).orElse(empty());
    return readWhole(new ConfigSection(full(key), content, folder, asked), read);
  }

  <T> List<T> sections(String key, Function<ConfigSection, T> read) {
    var items = new ArrayList<T>();
    for (var item : value(key).orElse(JsonNodeFactory.instance.arrayNode())) {
      var content = object(full(key) + "[]", item);
      items.add(readWhole(new ConfigSection(full(key) + "[]", content, folder, asked), read));
    }
    return List.copyOf(items);
  }

  /** One of {@code allowed}. */
  String word(String key, String absent, List<String> allowed) {
    var word = text(key, absent);
    if (!allowed.contains(word)) {
      throw new ConfigException(
          full(key) + " must be one of " + String.join(", ", allowed) + ", was " + word);
    }
    return word;
  }

  /** Refuses keys that nothing asked for. */
  void done() {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw new ConfigException(
                    "unknown key "
                        + full(key)
                        + NearestKey.to(key, known)
                            .map(nearest -> "; did you mean " + full(nearest) + "?")
                            .orElse("; known here are " + String.join(", ", known)));
              }
            });
  }

  private static <T> T readWhole(ConfigSection section, Function<ConfigSection, T> read) {
    var result = read.apply(section);
    section.done();
    return result;
  }

  private Optional<Long> optionalNumber(String key, long min, long max) {
    return value(key)
        .map(
            value -> {
              if (!value.canConvertToLong() || !value.isIntegralNumber()) {
                throw new ConfigException(full(key) + " " + range(min, max) + ", was " + value);
              }
              long number = value.asLong();
              if (number < min || number > max) {
                throw new ConfigException(full(key) + " " + range(min, max) + ", was " + number);
              }
              return number;
            });
  }

  /** A key that is nearly the missing one is most likely meant for it. */
  private ConfigException missing(String key, String hint) {
    var meant = new ArrayList<String>();
    node.fieldNames()
        .forEachRemaining(
            other -> {
              if (!known.contains(other) && NearestKey.distance(other, key) <= SLIP_MAX) {
                meant.add(other);
              }
            });
    return new ConfigException(
        full(key)
            + " is missing"
            + (meant.isEmpty() ? hint : "; there is " + full(meant.get(0)) + " instead"));
  }

  private static String range(long min, long max) {
    return "must be a number from " + min + " to " + max;
  }

  private static ObjectNode object(String key, JsonNode value) {
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw new ConfigException(key + " must be a section of keys, was " + value);
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  private Optional<JsonNode> value(String key) {
    known.add(key);
    asked.add(full(key));
    return Optional.ofNullable(node.get(key)).filter(value -> !value.isNull());
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
