package io.lockstep.sql;

import io.lockstep.model.Bytes;

/**
 * Cuts a statement into tokens in one pass, the way the server's own lexer does. It looks at bytes:
 * every byte from 128 upwards is part of an identifier outside quotes and content inside, and so is
 * what it makes one character with.
 */
public final class SqlLexer {
  private final byte[] text;
  private final Dialect dialect;
  private final Tokens tokens;
  private int at;
  private boolean inExecutableComment;

  private SqlLexer(Bytes sql, Dialect dialect) {
    this.text = sql.view();
    this.dialect = dialect;
    this.tokens = new Tokens(sql, dialect);
  }

  /** Never fails: what cannot be read ends the text and is marked as unterminated. */
  public static Tokens read(Bytes sql, Dialect dialect) {
    SqlLexer lexer = new SqlLexer(sql, dialect);
    while (lexer.at < lexer.text.length) {
      lexer.next();
    }
    if (lexer.inExecutableComment) {
      lexer.tokens.markUnterminated();
    }
    return lexer.tokens;
  }

  private void next() {
    int c = text[at] & 0xff;
    if (c <= ' ') {
      at++;
    } else if (isWordStart(c)) {
      word(c);
    } else if (c >= '0' && c <= '9') {
      number();
    } else {
      other(c);
    }
  }

  private void other(int c) {
    switch (c) {
      case '\'' -> quoted(TokenKind.STRING, at, at, !dialect.noBackslashEscapes());
      case '"' ->
          quoted(
              dialect.ansiQuotes() ? TokenKind.QUOTED : TokenKind.STRING,
              at,
              at,
              !dialect.ansiQuotes() && !dialect.noBackslashEscapes());
      case '`' -> quoted(TokenKind.QUOTED, at, at, false);
      case '#' -> toEndOfLine();
      case '-' -> dash();
      case '/' -> slash();
      case '*' -> star();
      case '@' -> variable();
      case '?' -> one(TokenKind.PLACEHOLDER);
      case '.' -> dot();
      case ':' -> colon();
      default -> one(TokenKind.SYMBOL);
    }
  }

  private void one(TokenKind kind) {
    tokens.add(kind, at, at + 1);
    at++;
  }

  private void colon() {
    if (peek(1) == '=') {
      tokens.add(TokenKind.SYMBOL, at, at + 2);
      at += 2;
    } else {
      one(TokenKind.SYMBOL);
    }
  }

  private void dash() {
    // A comment only before white space, a control character or the end: 5--3 is 8.
    if (peek(1) == '-' && (at + 2 >= text.length || (text[at + 2] >= 0 && text[at + 2] <= ' '))) {
      toEndOfLine();
    } else {
      one(TokenKind.SYMBOL);
    }
  }

  private void toEndOfLine() {
    while (at < text.length && text[at] != '\n') {
      at++;
    }
  }

  private void star() {
    if (inExecutableComment && peek(1) == '/') {
      inExecutableComment = false;
      at += 2;
    } else {
      one(TokenKind.SYMBOL);
    }
  }

  private void slash() {
    if (peek(1) != '*') {
      one(TokenKind.SYMBOL);
      return;
    }
    boolean mariadb = peek(2) == 'M' && peek(3) == '!';
    if (!inExecutableComment && (mariadb || peek(2) == '!')) {
      executableComment(at + (mariadb ? 4 : 3), mariadb);
    } else {
      skipComment(at + 2);
    }
  }

  /**
   * The server runs the content when the version given is not above its own; MariaDB leaves out
   * versions 50700 to 50999, which are MySQL's (MariaDB knowledge base, "Comment Syntax").
   */
  private void executableComment(int from, boolean mariadb) {
    tokens.markExecutableComment();
    int digits = 0;
    int version = 0;
    while (digits < 6 && from + digits < text.length && isDigit(text[from + digits])) {
      version = version * 10 + (text[from + digits] - '0');
      digits++;
    }
    if (digits < 5) {
      version = 0;
      digits = 0;
    }
    boolean foreign = !mariadb && version >= 50_700 && version <= 50_999;
    if (version <= dialect.serverVersion() && !foreign) {
      inExecutableComment = true;
      at = from + digits;
    } else {
      skipNestedComment(from);
    }
  }

  private void skipComment(int from) {
    for (int i = from; i + 1 < text.length; i++) {
      if (text[i] == '*' && text[i + 1] == '/') {
        at = i + 2;
        return;
      }
    }
    unterminated();
  }

  /** An executable comment that does not apply may hold plain comments of its own. */
  private void skipNestedComment(int from) {
    int depth = 1;
    for (int i = from; i + 1 < text.length; i++) {
      if (text[i] == '/' && text[i + 1] == '*') {
        depth++;
        i++;
      } else if (text[i] == '*' && text[i + 1] == '/') {
        i++;
        if (--depth == 0) {
          at = i + 1;
          return;
        }
      }
    }
    unterminated();
  }

  private void unterminated() {
    tokens.markUnterminated();
    at = text.length;
  }

  private void quoted(TokenKind kind, int tokenStart, int quoteAt, boolean backslash) {
    int end = endOfQuoted(quoteAt, backslash);
    tokens.add(kind, tokenStart, end);
    at = end;
  }

  private int endOfQuoted(int quoteAt, boolean backslash) {
    byte quote = text[quoteAt];
    int i = quoteAt + 1;
    while (i < text.length) {
      byte c = text[i];
      if (dialect.charset().length(text, i) == 2) {
        i += 2;
      } else if (c == '\\' && backslash) {
        i += 2;
      } else if (c != quote) {
        i++;
      } else if (i + 1 < text.length && text[i + 1] == quote) {
        i += 2;
      } else {
        return i + 1;
      }
    }
    tokens.markUnterminated();
    return text.length;
  }

  private void variable() {
    int start = at;
    if (peek(1) == '@') {
      at += 2;
      skipWord(true);
      if (at < text.length && text[at] == '`') {
        at = endOfQuoted(at, false);
      }
      tokens.add(TokenKind.SYSTEM_VARIABLE, start, at);
      return;
    }
    int c = peek(1);
    if (c == '`' || c == '\'' || c == '"') {
      quoted(TokenKind.USER_VARIABLE, start, at + 1, c != '`' && !dialect.noBackslashEscapes());
      return;
    }
    at++;
    skipWord(true);
    tokens.add(TokenKind.USER_VARIABLE, start, at);
  }

  private void word(int first) {
    int start = at;
    if (peek(1) == '\'' && (first == 'x' || first == 'X' || first == 'b' || first == 'B')) {
      quoted(TokenKind.BINARY, start, at + 1, false);
      return;
    }
    if (peek(1) == '\'' && (first == 'n' || first == 'N')) {
      quoted(TokenKind.STRING, start, at + 1, !dialect.noBackslashEscapes());
      return;
    }
    skipWord(false);
    tokens.add(TokenKind.WORD, start, at);
  }

  private void skipWord(boolean dots) {
    while (at < text.length && (isWordPart(text[at] & 0xff) || (dots && text[at] == '.'))) {
      at += dialect.charset().length(text, at);
    }
  }

  private void dot() {
    boolean afterName =
        tokens.count() > 0
            && tokens.end(tokens.count() - 1) == at
            && tokens.isName(tokens.count() - 1);
    if (!afterName && at + 1 < text.length && isDigit(text[at + 1])) {
      int start = at;
      at++;
      digits();
      tokens.add(exponent() ? TokenKind.FLOAT : TokenKind.DECIMAL, start, at);
    } else {
      one(TokenKind.SYMBOL);
      // What follows a dot is a name, even when it begins with a digit.
      if (afterName && at < text.length && isWordPart(text[at] & 0xff)) {
        int start = at;
        skipWord(false);
        tokens.add(TokenKind.WORD, start, at);
      }
    }
  }

  private void number() {
    int start = at;
    digits();
    int c = peek(0);
    if (at - start == 1 && text[start] == '0' && (c == 'x' || c == 'b')) {
      at++;
      int from = at;
      skipWord(false);
      tokens.add(allDigits(from, at, c == 'x') ? TokenKind.BINARY : TokenKind.WORD, start, at);
      return;
    }
    if (c == '.') {
      at++;
      digits();
      tokens.add(exponent() ? TokenKind.FLOAT : TokenKind.DECIMAL, start, at);
    } else if (exponent()) {
      tokens.add(TokenKind.FLOAT, start, at);
    } else if (at < text.length && isWordPart(text[at] & 0xff)) {
      skipWord(false);
      tokens.add(TokenKind.WORD, start, at);
    } else {
      tokens.add(TokenKind.INTEGER, start, at);
    }
  }

  private void digits() {
    while (at < text.length && isDigit(text[at])) {
      at++;
    }
  }

  private boolean exponent() {
    if (peek(0) != 'e' && peek(0) != 'E') {
      return false;
    }
    int digit = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
    if (at + digit >= text.length || !isDigit(text[at + digit])) {
      return false;
    }
    at += digit;
    digits();
    return true;
  }

  private boolean allDigits(int from, int to, boolean hex) {
    for (int i = from; i < to; i++) {
      boolean fits = hex ? Character.digit(text[i], 16) >= 0 : text[i] == '0' || text[i] == '1';
      if (!fits) {
        return false;
      }
    }
    return to > from;
  }

  private int peek(int ahead) {
    return at + ahead < text.length ? text[at + ahead] & 0xff : -1;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordStart(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 128;
  }

  private static boolean isWordPart(int c) {
    return isWordStart(c) || (c >= '0' && c <= '9');
  }
}
