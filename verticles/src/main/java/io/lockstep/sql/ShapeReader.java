package io.lockstep.sql;

/** Renders a shape in one pass over the tokens. */
final class ShapeReader {
  private final Tokens tokens;
  private final StringBuilder out = new StringBuilder(128);
  private int rows;

  ShapeReader(Tokens tokens) {
    this.tokens = tokens;
  }

  Shape read() {
    int i = 0;
    while (i < tokens.count()) {
      append(i);
      if (tokens.isAny(i, "VALUES", "VALUE") && tokens.isSymbol(i + 1, '(')) {
        i = rowsFrom(i + 1);
      } else {
        i++;
      }
    }
    return new Shape(out.toString(), rows);
  }

  /** Renders the first row, then passes over the rows that look like it. */
  private int rowsFrom(int open) {
    int width = literalRow(open);
    if (width < 0) {
      return open;
    }
    int afterFirst = open + rowTokens(open);
    for (int i = open; i < afterFirst; i++) {
      append(i);
    }
    rows++;
    int i = afterFirst;
    while (tokens.isSymbol(i, ',') && literalRow(i + 1) == width) {
      i = i + 1 + rowTokens(i + 1);
      rows++;
    }
    return i;
  }

  /** How many values a row of only literals has; -1 for anything else. */
  private int literalRow(int open) {
    if (!tokens.isSymbol(open, '(')) {
      return -1;
    }
    int values = 0;
    int i = open + 1;
    while (i < tokens.count()) {
      if (tokens.isSymbol(i, '-') || isIntroducer(i)) {
        i++;
      }
      if (i >= tokens.count() || !isValue(i)) {
        return -1;
      }
      values++;
      i++;
      if (tokens.isSymbol(i, ')')) {
        return values;
      }
      if (!tokens.isSymbol(i, ',')) {
        return -1;
      }
      i++;
    }
    return -1;
  }

  private int rowTokens(int open) {
    int i = open;
    while (!tokens.isSymbol(i, ')')) {
      i++;
    }
    return i - open + 1;
  }

  private boolean isValue(int i) {
    TokenKind kind = tokens.kind(i);
    return kind.isLiteral()
        || kind == TokenKind.PLACEHOLDER
        || tokens.isAny(i, "NULL", "TRUE", "FALSE", "DEFAULT");
  }

  private boolean isIntroducer(int i) {
    return tokens.kind(i) == TokenKind.WORD
        && tokens.text().at(tokens.start(i)) == '_'
        && i + 1 < tokens.count()
        && (tokens.kind(i + 1) == TokenKind.STRING || tokens.kind(i + 1) == TokenKind.BINARY);
  }

  private void append(int i) {
    TokenKind kind = tokens.kind(i);
    if (kind.isLiteral() || kind == TokenKind.PLACEHOLDER) {
      separate();
      out.append('?');
      return;
    }
    if (kind != TokenKind.SYMBOL) {
      separate();
    }
    byte[] text = tokens.text().view();
    for (int at = tokens.start(i); at < tokens.end(i); at++) {
      out.append((char) (text[at] & 0xff));
    }
  }

  private void separate() {
    if (!out.isEmpty()) {
      char last = out.charAt(out.length() - 1);
      if (last != '(' && last != ',' && last != '.') {
        out.append(' ');
      }
    }
  }
}
