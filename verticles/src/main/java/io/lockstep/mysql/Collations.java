package io.lockstep.mysql;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The collation ids of the handshake (MariaDB: information_schema.COLLATIONS), one byte on the
 * wire. Only the ids below 256 can be asked for there.
 */
public final class Collations {
  public static final int LATIN1_SWEDISH_CI = 8;
  public static final int UTF8MB3_GENERAL_CI = 33;
  public static final int UTF8MB4_GENERAL_CI = 45;
  public static final int BINARY = 63;
  private static final int IDS = 256;

  private Collations() {}

  /** The character set of a handshake's collation id; nothing for an id that no server has. */
  public static Optional<String> charset(int id) {
    return Optional.of(charsetOrEmpty(id)).filter(name -> !name.isEmpty());
  }

  /** A collation by which a client knows that a column is in this character set. */
  public static int of(String charset) {
    return IntStream.range(0, IDS)
        .filter(id -> charsetOrEmpty(id).equals(charset))
        .findFirst()
        .orElse(UTF8MB4_GENERAL_CI);
  }

  private static String charsetOrEmpty(int id) {
    if (id >= 224 && id <= 247) {
      return "utf8mb4";
    }
    if ((id >= 192 && id <= 215) || id == 223) {
      return "utf8mb3";
    }
    return switch (id) {
      case 1, 84 -> "big5";
      case 2, 9, 21, 27, 77 -> "latin2";
      case 3, 69 -> "dec8";
      case 4, 80 -> "cp850";
      case 5, 8, 15, 31, 47, 48, 49, 94 -> "latin1";
      case 6, 72 -> "hp8";
      case 7, 74 -> "koi8r";
      case 10, 82 -> "swe7";
      case 11, 65 -> "ascii";
      case 12, 91 -> "ujis";
      case 13, 88 -> "sjis";
      case 14, 23, 50, 51, 52 -> "cp1251";
      case 16, 71 -> "hebrew";
      case 18, 89 -> "tis620";
      case 19, 85 -> "euckr";
      case 20, 41, 42, 79 -> "latin7";
      case 22, 75 -> "koi8u";
      case 24, 86 -> "gb2312";
      case 25, 70 -> "greek";
      case 26, 34, 44, 66, 99 -> "cp1250";
      case 28, 87 -> "gbk";
      case 29, 58, 59 -> "cp1257";
      case 30, 78 -> "latin5";
      case 32, 64 -> "armscii8";
      case 33, 76, 83 -> "utf8mb3";
      case 36, 68 -> "cp866";
      case 37, 73 -> "keybcs2";
      case 38, 43 -> "macce";
      case 39, 53 -> "macroman";
      case 40, 81 -> "cp852";
      case 45, 46 -> "utf8mb4";
      case 57, 67 -> "cp1256";
      case 63 -> "binary";
      case 92, 93 -> "geostd8";
      case 95, 96 -> "cp932";
      case 97, 98 -> "eucjpms";
      default -> "";
    };
  }
}
