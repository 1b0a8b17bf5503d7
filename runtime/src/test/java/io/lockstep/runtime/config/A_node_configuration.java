package io.lockstep.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.lockstep.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class A_node_configuration {
  private static final Path FOLDER = Path.of("/etc/lockstep");
  private static final Path SAMPLE = sample("node.yaml");
  private static final String SMALLEST =
      """
      node: n1
      data: data
      cluster:
        members:
          - {node: n1, host: localhost}
      """;

  /** A key that is not set: its mark stands directly before it. */
  private static final Pattern UNSET = Pattern.compile("(?m)^( *)#(?=[a-z])");

  @Test
  void needs_a_name_a_folder_and_members_only() {
    var config = parse(SMALLEST);
    assertEquals(new NodeId("n1"), config.node());
    assertEquals(FOLDER.resolve("data"), config.data());
    assertEquals(7800, config.self().clusterPort());
    assertEquals(OrderConfig.DEFAULT, config.order());
    assertEquals(MySqlConfig.DEFAULT, config.mysql());
    assertEquals(HttpConfig.DEFAULT, config.http());
    assertEquals(DatabaseConfig.Owned.DEFAULT, config.database());
    assertEquals(LoggingConfig.DEFAULT, config.logging());
  }

  @Test
  void is_documented_key_by_key_in_the_sample() throws IOException {
    var asked = new TreeSet<String>();
    var all = UNSET.matcher(Files.readString(SAMPLE)).replaceAll("$1");
    // The two ways to a password exclude each other, so the sample with every key names one.
    NodeConfigFile.parse(all.replace("password-env:", "#password-env:"), FOLDER, asked);
    assertEquals(asked, keys(all));
  }

  @Test
  void has_the_defaults_that_the_sample_shows() {
    var config = NodeConfigFile.load(SAMPLE);
    assertEquals(OrderConfig.DEFAULT, config.order());
    assertEquals(MySqlConfig.DEFAULT, config.mysql());
    assertEquals(HttpConfig.DEFAULT, config.http());
    assertEquals(DatabaseConfig.Owned.DEFAULT, config.database());
    assertEquals(LoggingConfig.DEFAULT, config.logging());
    var members = config.cluster().members();
    assertEquals(members.get(1).logPort(), members.get(0).logPort());
  }

  @Test
  void has_a_sample_for_nodes_that_share_a_host() throws IOException {
    var file = sample("node-one-host.yaml");
    var config = NodeConfigFile.load(file);
    assertEquals(3, config.cluster().members().size());
    assertEquals(4406, config.mysql().port());
    var asked = new TreeSet<String>();
    var all = UNSET.matcher(Files.readString(file)).replaceAll("$1");
    var stack = NodeConfigFile.parse(all, file.resolveSibling(""), asked).cluster().jgroupsFile();
    assertTrue(Files.exists(stack.orElseThrow()), "the other sample that it names");
  }

  @Test
  void can_name_an_external_database() {
    var config =
        parse(
            SMALLEST
                + "database:\n  kind: external\n  external: {host: db1, port: 3310, user: boss}\n");
    assertEquals(new DatabaseConfig.External("db1", 3310, "boss", Secret.NONE), config.database());
    assertEquals("external", config.database().<String>fold(o -> "owned", e -> "external"));
  }

  @Test
  void names_the_key_that_stands_where_one_is_missing() {
    var refusal =
        assertThrows(ConfigException.class, () -> parse(SMALLEST.replace("node:", "nodde:")));
    assertTrue(
        refusal.toString().contains("node is missing; there is nodde instead"), refusal::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql: {prot: 1}                 | unknown key mysql.prot; did you mean mysql.port?",
        "htpp: {port: 1}                  | unknown key htpp; did you mean http?",
        "mysql: {port: 70000}             | mysql.port must be a number from 1 to 65535, was 70000",
        "mysql: {port: many}              | mysql.port must be a number from 1 to 65535, was"
            + " \"many\"",
        "mysql: {sessions-max: 1.5}       | must be a number from 1 to 100000, was 1.5",
        "mysql: {sessions-max: 0}         | mysql.sessions-max must be a number from 1",
        "mysql: {tls: maybe}              | mysql.tls must be one of disabled, optional, required",
        "mysql: {tls-key-file: key.pem}   | are given together or not at all",
        "mysql: {proxy-protocol-networks: [lan]} | mysql.proxy-protocol-networks: lan is neither",
        "http: 5                          | http must be a section of keys, was 5",
        "http: {port: 3306}               | mysql.port and the http.port are both 3306",
        "http: {port: 7810}               | http.port and the bus-port of n1 are both 7810",
        "mysql: {port: 7820}              | mysql.port and the log-port of n1 are both 7820",
        "database: {kind: rented}         | database.kind must be one of owned, external, was"
            + " rented",
        "database: {owned: {binary-log: 1}} | database.owned.binary-log must be true or false, was"
            + " 1",
        "order: {election-min-ms: 900}    | order.election-max-ms must be more than",
        "database: {external: {password: x}} | unknown key database.external.password",
        "mysql: {port: 1, port: 2}        | Duplicate",
        "node: n2                         | Duplicate",
      })
  void is_refused_with_the_key_the_value_and_what_is_allowed(String line, String reason) {
    var refusal = assertThrows(ConfigException.class, () -> parse(SMALLEST + line + "\n"));
    assertTrue(refusal.toString().contains(reason.strip()), refusal.toString());
  }

  @Test
  void is_refused_when_the_node_is_no_member() {
    var foreign = SMALLEST.replace("node: n1\n", "node: n7\n");
    var refusal = assertThrows(ConfigException.class, () -> parse(foreign));
    assertTrue(refusal.toString().contains("node is n7, which is not in cluster.members"));
  }

  @Test
  void is_refused_when_two_members_share_a_port() {
    var twice = SMALLEST + "    - {node: n2, host: localhost}\n";
    var refusal = assertThrows(ConfigException.class, () -> parse(twice));
    assertTrue(refusal.toString().contains("names localhost:7800 twice"), refusal.toString());
  }

  @Test
  void names_its_file_in_every_refusal(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("node.yaml"), SMALLEST + "nodes: 3\n");
    var refusal = assertThrows(ConfigException.class, () -> NodeConfigFile.load(file));
    assertTrue(refusal.toString().contains(file.toString()), refusal.toString());
  }

  @Test
  void takes_a_secret_from_a_file(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("secret"), "s3cret\nsecond line\n");
    assertEquals("s3cret", Secret.from(Optional.of(file), Optional.empty()).read());
    assertEquals("", Secret.NONE.read());
  }

  private static NodeConfig parse(String yaml) {
    return NodeConfigFile.parse(yaml, FOLDER, new TreeSet<>());
  }

  private static Set<String> keys(String yaml) throws IOException {
    var keys = new TreeSet<String>();
    collect("", new ObjectMapper(new YAMLFactory()).readTree(yaml), keys);
    return keys;
  }

  private static void collect(String path, JsonNode node, Set<String> keys) {
    if (node.isArray()) {
      node.forEach(item -> collect(path + "[]", item, keys));
    }
    for (var field : node.properties()) {
      var key = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      keys.add(key);
      collect(key, field.getValue(), keys);
    }
  }

  private static Path sample(String name) {
    var here = Path.of("").toAbsolutePath();
    var file = here.resolve("conf").resolve(name);
    return Files.exists(file) ? file : here.resolveSibling("conf").resolve(name);
  }
}
