package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ServerFaceTest {
  @Test
  void a_server_before_11_is_no_MySQL_8() {
    ServerFace face = ServerFace.of("10.11.19-MariaDB-log", 45);
    assertEquals("5.5.5-10.11.19-MariaDB-log", face.version());
    assertEquals(101119, face.number());
  }

  @Test
  void a_newer_one_says_its_version_as_it_is() {
    ServerFace face = ServerFace.of("11.4.5-MariaDB", 45);
    assertEquals("11.4.5-MariaDB", face.version());
    assertEquals(110405, face.number());
  }
}
