package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.DmlShape.TokenRange;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The statements that one prepared statement with many rows of parameters comes to: for {@code
 * INSERT … VALUES (…)} as few as are not too long, each with many rows; else one for each row.
 */
public final class BulkText {
  private final Statement statement;
  private final boolean noBackslashEscapes;
  private final int bytesMax;

  /**
   * @param statement with placeholders
   * @param bytesMax a statement of several rows is at most about so long
   */
  public BulkText(Statement statement, int bytesMax) {
    this.statement = statement;
    this.noBackslashEscapes = statement.dialect().noBackslashEscapes();
    this.bytesMax = bytesMax;
  }

  /** The texts, in the order of the rows; each row has a value for each placeholder. */
  public List<Bytes> of(List<List<Literal>> rows) {
    List<Integer> positions = statement.facts().placeholders();
    return oneGroup()
        .map(group -> together(group, positions, rows))
        .orElseGet(
            () ->
                rows.stream()
                    .map(
                        row ->
                            Placeholders.bind(statement.sql(), positions, row, noBackslashEscapes))
                    .toList());
  }

  /**
   * Where the only row of VALUES stands, from parenthesis to parenthesis, with all placeholders.
   */
  private Optional<TokenRange> oneGroup() {
    Tokens tokens = statement.tokens();
    Optional<TokenRange> rows =
        statement.type() instanceof StatementClass.Dml dml ? dml.shape().rows() : Optional.empty();
    return rows.filter(
        group ->
            tokens.isSymbol(group.from(), '(')
                && tokens.closing(group.from()) == group.to() - 1
                && statement.facts().placeholders().stream()
                    .allMatch(
                        at ->
                            at > tokens.start(group.from()) && at < tokens.start(group.to() - 1)));
  }

  private List<Bytes> together(
      TokenRange group, List<Integer> positions, List<List<Literal>> rows) {
    Tokens tokens = statement.tokens();
    int from = tokens.start(group.from());
    int to = tokens.end(group.to() - 1);
    Bytes head = tokens.slice(0, from);
    Bytes each = tokens.slice(from, to);
    Bytes tail = tokens.slice(to, statement.sql().length());
    List<Integer> inside = positions.stream().map(at -> at - from).toList();
    List<Bytes> texts = new ArrayList<>();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (List<Literal> row : rows) {
      Bytes bound = Placeholders.bind(each, inside, row, noBackslashEscapes);
      if (text.size() > 0 && text.size() + bound.length() + tail.length() > bytesMax) {
        texts.add(ended(text, tail));
      }
      append(text, text.size() == 0 ? head : Bytes.utf8(","));
      append(text, bound);
    }
    if (text.size() > 0) {
      texts.add(ended(text, tail));
    }
    return texts;
  }

  private static Bytes ended(ByteArrayOutputStream text, Bytes tail) {
    append(text, tail);
    Bytes whole = Bytes.owning(text.toByteArray());
    text.reset();
    return whole;
  }

  private static void append(ByteArrayOutputStream out, Bytes bytes) {
    out.write(bytes.view(), 0, bytes.length());
  }
}
