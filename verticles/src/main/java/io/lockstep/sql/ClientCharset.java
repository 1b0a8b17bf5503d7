package io.lockstep.sql;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * How the bytes of a client's text are to be read: what its names are, and which of its bytes only
 * continue a character, whatever they look like.
 *
 * @param java the character set that names are decoded by
 */
public record ClientCharset(Charset java, Pairs pairs) {
  /** Two bytes that are one character, of which the second may look like a quote or a backslash. */
  enum Pairs {
    NONE,
    SJIS,
    BIG5,
    GBK;

    boolean is(int first, int second) {
      return switch (this) {
        case NONE -> false;
        case SJIS ->
            ((first >= 0x81 && first <= 0x9f) || (first >= 0xe0 && first <= 0xfc))
                && second >= 0x40
                && second <= 0xfc
                && second != 0x7f;
        case BIG5 ->
            first >= 0xa1
                && first <= 0xf9
                && ((second >= 0x40 && second <= 0x7e) || (second >= 0xa1 && second <= 0xfe));
        case GBK ->
            first >= 0x81 && first <= 0xfe && second >= 0x40 && second <= 0xfe && second != 0x7f;
      };
    }
  }

  public static final ClientCharset UTF8 = new ClientCharset(StandardCharsets.UTF_8, Pairs.NONE);

  /**
   * The server's names. Of those in which a character may hold a quote or a backslash (the server's
   * {@code escape_with_backslash_is_dangerous}) none may be left out: they would be misread.
   */
  private static final Map<String, ClientCharset> ALL =
      Map.ofEntries(
          Map.entry("sjis", named("Shift_JIS", Pairs.SJIS)),
          Map.entry("cp932", named("windows-31j", Pairs.SJIS)),
          Map.entry("big5", named("Big5", Pairs.BIG5)),
          Map.entry("gbk", named("GBK", Pairs.GBK)),
          // Its characters of four bytes hold digits alone where a pair ends.
          Map.entry("gb18030", named("GB18030", Pairs.GBK)),
          Map.entry("ujis", named("EUC-JP", Pairs.NONE)),
          Map.entry("eucjpms", named("EUC-JP", Pairs.NONE)),
          Map.entry("euckr", named("EUC-KR", Pairs.NONE)),
          Map.entry("gb2312", named("GB2312", Pairs.NONE)),
          Map.entry("latin1", named("windows-1252", Pairs.NONE)),
          Map.entry("latin2", named("ISO-8859-2", Pairs.NONE)),
          Map.entry("latin5", named("ISO-8859-9", Pairs.NONE)),
          Map.entry("latin7", named("ISO-8859-13", Pairs.NONE)),
          Map.entry("greek", named("ISO-8859-7", Pairs.NONE)),
          Map.entry("hebrew", named("ISO-8859-8", Pairs.NONE)),
          Map.entry("cp1250", named("windows-1250", Pairs.NONE)),
          Map.entry("cp1251", named("windows-1251", Pairs.NONE)),
          Map.entry("cp1256", named("windows-1256", Pairs.NONE)),
          Map.entry("cp1257", named("windows-1257", Pairs.NONE)),
          Map.entry("cp850", named("IBM850", Pairs.NONE)),
          Map.entry("cp852", named("IBM852", Pairs.NONE)),
          Map.entry("cp866", named("IBM866", Pairs.NONE)),
          Map.entry("koi8r", named("KOI8-R", Pairs.NONE)),
          Map.entry("koi8u", named("KOI8-U", Pairs.NONE)),
          Map.entry("tis620", named("TIS-620", Pairs.NONE)),
          Map.entry("macroman", named("x-MacRoman", Pairs.NONE)));

  /** By the value of {@code character_set_client}; byte by byte where Java does not know it. */
  public static ClientCharset of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("utf8")
        ? UTF8
        : ALL.getOrDefault(lower, new ClientCharset(StandardCharsets.ISO_8859_1, Pairs.NONE));
  }

  /**
   * What the texts of errors and warnings are in, by the value of {@code character_set_results} as
   * a literal. Where Java does not know the character set they keep to ASCII.
   */
  public static Charset ofMessages(String literal) {
    String name = literal.replace("'", "").toLowerCase(Locale.ROOT);
    if (name.equals("null") || name.equals("binary") || name.startsWith("utf8")) {
      return StandardCharsets.UTF_8;
    }
    return ALL.containsKey(name) ? ALL.get(name).java() : StandardCharsets.US_ASCII;
  }

  private static ClientCharset named(String java, Pairs pairs) {
    return new ClientCharset(
        Charset.isSupported(java) ? Charset.forName(java) : StandardCharsets.ISO_8859_1, pairs);
  }

  /** How many bytes belong together from here on, as far as it matters: one or two. */
  int length(byte[] text, int at) {
    return pairs != Pairs.NONE
            && text[at] < 0
            && at + 1 < text.length
            && pairs.is(text[at] & 0xff, text[at + 1] & 0xff)
        ? 2
        : 1;
  }
}
