package io.lockstep.runtime.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class An_unpacked_archive {
  private final List<String> progress = new ArrayList<>();
  private final Path folder;
  private final Path archive;

  An_unpacked_archive(@TempDir Path folder) {
    this.folder = folder;
    this.archive = folder.resolve("server.jar");
  }

  @BeforeEach
  void make_an_archive() throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      add(zip, "root/bin/mariadbd", "#!/bin/sh\n");
      add(zip, "root/scripts/mariadb-install-db", "#!/bin/sh\n");
      add(zip, "root/share/english/errmsg.sys", "words");
      add(zip, "root/libs/unused.so", "unused");
      add(zip, "elsewhere/file", "not of the server");
    }
  }

  @Test
  void holds_what_a_server_needs_and_nothing_else() throws Exception {
    var server = binaries(release(checksum())).unpacked();
    assertTrue(Files.isExecutable(server.mariadbd()));
    assertTrue(Files.isExecutable(server.installDb()));
    assertEquals("words", Files.readString(server.baseDir().resolve("share/english/errmsg.sys")));
    assertFalse(Files.exists(server.baseDir().resolve("libs")));
    assertFalse(Files.isExecutable(server.baseDir().resolve("share/english/errmsg.sys")));
  }

  @Test
  void is_unpacked_only_once() throws Exception {
    var sum = checksum();
    binaries(release(sum)).unpacked();
    progress.clear();
    Files.delete(archive);
    var again = binaries(release(sum)).unpacked();
    assertTrue(Files.isExecutable(again.mariadbd()));
    assertEquals(List.of(), progress);
  }

  @Test
  void is_made_anew_when_a_file_was_lost() throws Exception {
    var server = binaries(release(checksum())).unpacked();
    Files.delete(server.baseDir().resolve("share/english/errmsg.sys"));
    binaries(release(checksum())).unpacked();
    assertTrue(Files.exists(server.baseDir().resolve("share/english/errmsg.sys")));
  }

  @Test
  void is_refused_when_the_checksum_is_another() {
    var damaged = binaries(release("0".repeat(64)));
    var refusal = assertThrows(DatabaseStartException.class, damaged::unpacked);
    assertTrue(refusal.toString().contains("is damaged"), refusal.toString());
  }

  @Test
  void is_missed_with_a_way_out() throws Exception {
    Files.delete(archive);
    var missing = binaries(release("0".repeat(64)));
    var refusal = assertThrows(DatabaseStartException.class, missing::unpacked);
    assertTrue(refusal.toString().contains("--mariadbd PATH"), refusal.toString());
  }

  @Test
  void survives_several_starts_at_once() throws Exception {
    var sum = checksum();
    Callable<ServerBinaries> start =
        () -> new EmbeddedBinaries(release(sum), List.of(folder), cache(), text -> {}).unpacked();
    var threads = Executors.newFixedThreadPool(4);
    try {
      for (var done : threads.invokeAll(List.of(start, start, start, start))) {
        assertTrue(Files.isExecutable(done.get().mariadbd()));
      }
    } finally {
      threads.shutdownNow();
    }
    try (var left = Files.list(cache())) {
      assertEquals(0, left.filter(p -> p.toString().contains("unpacking-")).count());
    }
  }

  private EmbeddedBinaries binaries(EmbeddedRelease release) {
    return new EmbeddedBinaries(release, List.of(folder), cache(), progress::add);
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private static EmbeddedRelease release(String checksum) {
    return new EmbeddedRelease("1.0", "server.jar", checksum, "root/", List.of("libs/"));
  }

  private String checksum() throws Exception {
    var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
    return HexFormat.of().formatHex(digest);
  }

  private static void add(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    zip.closeEntry();
  }
}
