package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.sql.StatementClass.Locking;
import io.lockstep.sql.StatementClass.Maintenance;
import io.lockstep.sql.StatementClass.Refused;
import io.lockstep.sql.StatementClass.Text;
import io.lockstep.sql.StatementClass.TextDeallocate;
import io.lockstep.sql.StatementClass.TextExecute;
import io.lockstep.sql.StatementClass.TextPrepare;
import io.lockstep.sql.StatementClass.TransactionControl;
import io.lockstep.sql.StatementClass.TransactionControl.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the statements that change a session: transactions, statements by text, locks. */
final class SessionReader {
  private final Tokens tokens;

  SessionReader(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Nothing when the text is no such statement after all. */
  Optional<StatementClass> read() {
    return switch (tokens.upper(0)) {
      case "BEGIN" -> begin();
      case "START" -> start();
      case "COMMIT" -> ends(1) ? Optional.of(control(Verb.COMMIT)) : Optional.empty();
      case "ROLLBACK" -> rollback();
      case "SAVEPOINT" -> savepoint(Verb.SAVEPOINT, 1);
      case "RELEASE" -> savepoint(Verb.RELEASE, 2);
      case "XA" -> Optional.of(control(Verb.XA));
      case "PREPARE" -> prepare();
      case "EXECUTE" -> execute();
      case "DEALLOCATE", "DROP" -> name(2).map(TextDeallocate::new);
      case "LOCK" -> lock();
      case "UNLOCK" -> unlock();
      default -> Optional.empty();
    };
  }

  private static StatementClass control(Verb verb) {
    return new TransactionControl(verb, Optional.empty());
  }

  private Optional<String> name(int i) {
    return tokens.isName(i) ? Optional.of(tokens.name(i)) : Optional.empty();
  }

  private Optional<StatementClass> begin() {
    if (tokens.is(1, "NOT")) {
      return Optional.of(new StatementClass.Call());
    }
    return isEnd(tokens.is(1, "WORK") ? 2 : 1)
        ? Optional.of(control(Verb.BEGIN))
        : Optional.empty();
  }

  private Optional<StatementClass> start() {
    if (!tokens.is(1, "TRANSACTION")) {
      return Optional.of(Refused.notSupported("START " + tokens.upper(1)));
    }
    for (int i = 2; i < tokens.count(); i++) {
      if (tokens.is(i, "READ") && tokens.is(i + 1, "ONLY")) {
        return Optional.of(control(Verb.BEGIN_READ_ONLY));
      }
    }
    return Optional.of(control(Verb.BEGIN));
  }

  /** [WORK] [AND [NO] CHAIN] [[NO] RELEASE], of which CHAIN and RELEASE exclude each other. */
  private boolean ends(int from) {
    int i = tokens.is(from, "WORK") ? from + 1 : from;
    boolean chains = tokens.is(i, "AND") && tokens.is(i + 1, "CHAIN");
    if (chains) {
      i += 2;
    } else if (tokens.is(i, "AND") && tokens.is(i + 1, "NO") && tokens.is(i + 2, "CHAIN")) {
      i += 3;
    }
    if (tokens.is(i, "NO") && tokens.is(i + 1, "RELEASE")) {
      i += 2;
    } else if (!chains && tokens.is(i, "RELEASE")) {
      i++;
    }
    return isEnd(i);
  }

  private boolean isEnd(int i) {
    return i >= tokens.count() || tokens.isSymbol(i, ';');
  }

  private Optional<StatementClass> rollback() {
    int i = tokens.is(1, "WORK") ? 2 : 1;
    if (!tokens.is(i, "TO")) {
      return ends(1) ? Optional.of(control(Verb.ROLLBACK)) : Optional.empty();
    }
    return savepoint(Verb.ROLLBACK_TO, tokens.is(i + 1, "SAVEPOINT") ? i + 2 : i + 1);
  }

  private Optional<StatementClass> savepoint(Verb verb, int i) {
    return name(i).map(name -> new TransactionControl(verb, Optional.of(name)));
  }

  private Optional<StatementClass> prepare() {
    if (!tokens.isName(1) || !tokens.is(2, "FROM") || tokens.count() < 4) {
      return Optional.empty();
    }
    return Optional.of(new TextPrepare(tokens.name(1), text(3, tokens.count())));
  }

  private Text text(int from, int to) {
    boolean string = to == from + 1 && tokens.kind(from) == TokenKind.STRING;
    return new Text(
        string ? Optional.of(TokenText.string(tokens, from)) : Optional.empty(),
        tokens.textOf(from, to));
  }

  private Optional<StatementClass> execute() {
    boolean immediate = tokens.is(1, "IMMEDIATE");
    int using = 1;
    while (using < tokens.count() && !tokens.is(using, "USING")) {
      using++;
    }
    List<Bytes> arguments = arguments(using + 1);
    if (immediate) {
      return Optional.of(new TextExecute(Optional.empty(), text(2, using), arguments));
    }
    return name(1).map(n -> new TextExecute(Optional.of(n), Text.NONE, arguments));
  }

  private List<Bytes> arguments(int from) {
    List<Bytes> arguments = new ArrayList<>();
    int start = from;
    for (int i = from; i < tokens.count(); i++) {
      if (tokens.isSymbol(i, '(')) {
        i = tokens.closing(i);
      } else if (tokens.isSymbol(i, ',')) {
        arguments.add(tokens.textOf(start, i));
        start = i + 1;
      }
    }
    if (start < tokens.count()) {
      arguments.add(tokens.textOf(start, tokens.count()));
    }
    return arguments;
  }

  private Optional<StatementClass> lock() {
    return tokens.isAny(1, "TABLE", "TABLES") ? new LockReader(tokens).lock() : Optional.empty();
  }

  private Optional<StatementClass> unlock() {
    return tokens.isAny(1, "TABLE", "TABLES") && isEnd(2)
        ? Optional.of(new Locking(true, false, List.of(), OptionalInt.empty()))
        : Optional.empty();
  }

  /** FLUSH; {@code i} is behind NO_WRITE_TO_BINLOG. */
  Optional<StatementClass> flush(int i) {
    for (int k = i; k < tokens.count(); k++) {
      if (tokens.is(k, "LOCK") && tokens.is(k - 1, "READ")) {
        return Optional.of(new LockReader(tokens).flush(i + 1));
      }
      if (tokens.is(k, "EXPORT")) {
        return Optional.of(Refused.notSupported("FLUSH TABLES … FOR EXPORT"));
      }
    }
    return Optional.of(new Maintenance("FLUSH", List.of()));
  }
}
