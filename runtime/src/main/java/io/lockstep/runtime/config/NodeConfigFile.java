package io.lockstep.runtime.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Reads a node's YAML file. Relative names in it start from the file's own folder. */
public final class NodeConfigFile {
  private static final long BYTES_MAX = 1 << 20;

  private NodeConfigFile() {}

  /**
   * The configuration in {@code file}.
   *
   * @throws ConfigException with the file and what is wrong in it
   */
  public static NodeConfig load(Path file) {
    var absolute = file.toAbsolutePath().normalize();
    try {
      if (Files.size(absolute) > BYTES_MAX) {
        throw new ConfigException("the file is longer than " + BYTES_MAX + " bytes");
      }
      var folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
      return parse(Files.readString(absolute), folder, new LinkedHashSet<>());
    } catch (ConfigException e) {
      throw new ConfigException(file + ": " + e.getMessage());
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + " cannot be read: there is no such file");
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage());
    }
  }

  static NodeConfig parse(String yaml, Path folder, Set<String> asked) {
    var root = new ConfigSection("", tree(yaml), folder, asked);
    var config = NodeConfig.read(root);
    root.done();
    return config;
  }

  private static ObjectNode tree(String yaml) {
    var mapper =
        new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    try {
      if (mapper.readTree(yaml) instanceof ObjectNode object) {
        return object;
      }
      throw new ConfigException("the file holds no keys");
    } catch (JsonProcessingException e) {
      throw new ConfigException(e.getOriginalMessage());
    }
  }
}
