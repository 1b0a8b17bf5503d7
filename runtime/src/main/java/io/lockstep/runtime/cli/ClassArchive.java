package io.lockstep.runtime.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes of a jar as Java has them in memory once it has loaded and checked them, in a file
 * beside the jar that later processes map instead (class data sharing, JEP 350). It fits that very
 * jar and that very Java. Another Java, or one that finds another jar, does without and says
 * nothing; only a damaged file would break it, so the file appears whole, by a rename.
 *
 * @param jar that the program runs from
 */
public record ClassArchive(Path jar) {
  /** An archive that does not fit is no news: nodes only start as if there were none. */
  private static final List<String> SILENT = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

  public ClassArchive {
    // The same path always: with another one to the same jar, Java takes the archive for another's.
    jar = jar.toAbsolutePath().normalize();
  }

  /** Where it lies, once it has been made. */
  public Path file() {
    String name = jar.getFileName().toString();
    return jar.resolveSibling(name.replaceFirst("\\.jar$", "") + ".jsa");
  }

  /** What a Java that runs the jar is told; nothing where there is no archive. */
  public List<String> options() {
    return Files.isRegularFile(file()) ? options("-XX:SharedArchiveFile=" + file()) : List.of();
  }

  /** What a Java is told that is to write an archive when it ends in good order. */
  static List<String> making(Path into) {
    return options("-XX:ArchiveClassesAtExit=" + into);
  }

  private static List<String> options(String what) {
    return List.of(what, SILENT.get(0), SILENT.get(1));
  }
}
