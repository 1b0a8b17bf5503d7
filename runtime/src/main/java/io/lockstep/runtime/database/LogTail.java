package io.lockstep.runtime.database;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The last lines of a log file, for an error message. */
public final class LogTail {
  private static final int BYTES_MAX = 8_192;
  private static final int LINES_MAX = 20;

  /** Where in the program something arose helps nobody who reads the message. */
  private static final Pattern FRAME = Pattern.compile("^\\s+(at |\\.\\.\\. \\d+ )");

  private LogTail() {}

  /** At most {@value #LINES_MAX} lines; a file that cannot be read gives the reason instead. */
  public static String of(Path file) {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(Math.max(0, in.length() - BYTES_MAX));
      var bytes = new byte[BYTES_MAX];
      var count = Math.max(0, in.read(bytes));
      var lines =
          new String(bytes, 0, count, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !FRAME.matcher(line).find())
              .toArray(String[]::new);
      var from = Math.max(0, lines.length - LINES_MAX);
      return String.join("\n", Arrays.copyOfRange(lines, from, lines.length));
    } catch (IOException e) {
      return "(" + file + " cannot be read: " + e.getMessage() + ")";
    }
  }
}
