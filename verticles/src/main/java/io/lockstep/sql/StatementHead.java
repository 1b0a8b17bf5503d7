package io.lockstep.sql;

import io.lockstep.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The keywords that a statement begins with, up to the first name, string or symbol that is none
 * and up to {@link #WORDS_MAX}: what it does, and to what kind of object. Comments are left out,
 * the content of executable ones is in. Words are in upper case.
 */
public final class StatementHead {
  /** {@code CREATE OR REPLACE TEMPORARY TABLE IF NOT EXISTS} and as many again. */
  static final int WORDS_MAX = 12;

  private static final Set<String> BEFORE_KIND = Set.of("TEMPORARY", "ONLINE", "IGNORE");

  private final List<String> words;

  private StatementHead(List<String> words) {
    this.words = words;
  }

  /** Of an empty or unreadable text it holds no words. */
  public static StatementHead of(Bytes sql, Dialect dialect) {
    return of(SqlLexer.read(sql, dialect));
  }

  /** Of a text that has been read. */
  public static StatementHead of(Tokens tokens) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < Math.min(tokens.count(), WORDS_MAX); i++) {
      if (tokens.kind(i) != TokenKind.WORD) {
        break;
      }
      words.add(tokens.upper(i));
    }
    return new StatementHead(List.copyOf(words));
  }

  /** Whether the first word is this one. */
  public boolean does(String verb) {
    return !words.isEmpty() && words.get(0).equals(verb);
  }

  /** Whether the first words are these. */
  public boolean begins(String... first) {
    return words.size() >= first.length && words.subList(0, first.length).equals(List.of(first));
  }

  /** Whether it creates or alters one of these kinds of object, for instance {@code SEQUENCE}. */
  public boolean defines(String... kinds) {
    int at = begins("CREATE", "OR", "REPLACE") ? 3 : 1;
    boolean verb = does("CREATE") || does("ALTER");
    return verb && at < words.size() && Set.of(kinds).contains(kind(at));
  }

  private String kind(int at) {
    boolean more = BEFORE_KIND.contains(words.get(at)) && at + 1 < words.size();
    return more ? kind(at + 1) : words.get(at);
  }
}
