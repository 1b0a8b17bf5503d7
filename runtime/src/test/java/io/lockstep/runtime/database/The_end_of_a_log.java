package io.lockstep.runtime.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_end_of_a_log {
  @Test
  void says_what_happened_and_not_where_in_the_program(@TempDir Path folder) throws IOException {
    Path log =
        Files.write(
            folder.resolve("node.log"),
            List.of(
                "starts",
                "java.io.IOException: full",
                "\tat a.B.c(B.java:1)",
                "Caused by: disk",
                "\t... 7 more"));
    assertEquals("starts\njava.io.IOException: full\nCaused by: disk", LogTail.of(log));
  }
}
