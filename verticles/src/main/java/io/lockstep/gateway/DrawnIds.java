package io.lockstep.gateway;

import io.lockstep.model.IdDraw;
import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The AUTO_INCREMENT ids of an open transaction: what it took from the order and has not used yet,
 * and the highest that its own texts have named. Who inserts row by row takes more and more ahead,
 * so that not every row waits for the order. Lives on its session's context.
 */
final class DrawnIds {
  /** How often a transaction takes for one table just what its statement needs. */
  static final int ALONE = 16;

  /** Ids of one table that are taken at once, unless one statement needs more. */
  static final int AHEAD_MAX = 1024;

  /** What is known of one table: ids from {@code next} to before {@code end} are there. */
  private static final class Ahead {
    private final String column;
    private long next;
    private long end;
    private int times;
    private Seq at = Seq.NONE;

    private Ahead(String column) {
      this.column = column;
    }
  }

  private final Map<TableName, Ahead> tables = new HashMap<>();
  private final Map<TableName, Long> named = new HashMap<>();

  /** Tables whose rows were looked at since something was captured. */
  private final Set<TableName> looked = new HashSet<>();

  private boolean captured;

  /** The first id for a statement, if all that it needs are there. */
  OptionalLong use(IdDraw draw) {
    Ahead ahead = ahead(draw);
    if (!isPlain(draw) || highestNamed(draw.table()).orElse(0) >= ahead.next) {
      ahead.next = ahead.end;
    }
    return ahead.end - ahead.next >= draw.drawn()
        ? OptionalLong.of(advance(ahead, draw))
        : OptionalLong.empty();
  }

  /** What to take from the order for a statement: as much as it needs, or more. */
  IdDraw ask(IdDraw draw) {
    int doublings = ahead(draw).times - ALONE + 1;
    boolean alone = doublings <= 0 || !isPlain(draw);
    long more = alone ? 0 : (long) draw.drawn() << Math.min(doublings, Integer.SIZE - 1);
    return behind(draw, Math.max(draw.drawn(), (int) Math.min(more, AHEAD_MAX)));
  }

  /** The same again, when there are not so many any more. */
  IdDraw askAlone(IdDraw draw) {
    return behind(draw, draw.drawn());
  }

  /**
   * Takes over what the order gave.
   *
   * @param taken how many, from {@code first} on
   * @param at the place of that in the order
   * @return the first id for the statement
   */
  long took(IdDraw draw, long first, int taken, Seq at) {
    Ahead ahead = ahead(draw);
    if (ahead.end != first) {
      ahead.next = first;
      ahead.at = at;
    }
    ahead.end = first + taken;
    ahead.times++;
    return advance(ahead, draw);
  }

  /**
   * What was taken before and turns out not to be needed: from {@code first} to before {@code end}.
   */
  void left(IdDraw draw, long first, long end, Seq since) {
    Ahead ahead = ahead(draw);
    if (ahead.next == ahead.end || ahead.end == end) {
      ahead.next = first;
      ahead.end = end;
      ahead.at = since;
    }
  }

  /** A statement was answered. */
  void kept(Step.Statement step) {
    step.ids()
        .filter(ids -> ids.explicitMax().isPresent())
        .ifPresent(ids -> named(ids.table(), ids.explicitMax().getAsLong()));
  }

  /** Something was captured that may have drawn ids of any table itself. */
  void captured() {
    captured = true;
    looked.clear();
  }

  /** Whether rows of the table may have ids that are not known here. */
  boolean unknown(TableName table) {
    return captured && !looked.contains(table);
  }

  /** All ids of the table up to now are known. */
  void looked(TableName table) {
    looked.add(table);
  }

  /** An id that a row of the table has in the transaction, whoever gave it. */
  void named(TableName table, long id) {
    named.merge(table, id, Math::max);
  }

  /**
   * Ids that were taken and not used.
   *
   * @param draw how many, behind its highest
   * @param since they are these only if no definition has come behind this place: a table that was
   *     emptied counts anew
   */
  record Unused(IdDraw draw, Seq since) {}

  /** What was taken and not used. */
  List<Unused> unused() {
    return tables.entrySet().stream()
        .filter(one -> one.getValue().next < one.getValue().end)
        .map(
            one ->
                new Unused(
                    new IdDraw(
                        one.getKey(),
                        one.getValue().column,
                        (int) (one.getValue().end - one.getValue().next),
                        OptionalLong.of(one.getValue().next - 1),
                        false),
                    one.getValue().at))
        .toList();
  }

  void clear() {
    tables.clear();
    named.clear();
    looked.clear();
    captured = false;
  }

  /** What names ids itself is followed by those that it draws: they cannot be known before. */
  private static boolean isPlain(IdDraw draw) {
    return !draw.reread() && draw.explicitMax().isEmpty();
  }

  private Ahead ahead(IdDraw draw) {
    return tables.computeIfAbsent(draw.table(), table -> new Ahead(draw.column()));
  }

  private OptionalLong highestNamed(TableName table) {
    return named.containsKey(table) ? OptionalLong.of(named.get(table)) : OptionalLong.empty();
  }

  private IdDraw behind(IdDraw draw, int count) {
    OptionalLong named = highestNamed(draw.table());
    OptionalLong before = draw.leading().orElse(0) > named.orElse(0) ? draw.leading() : named;
    return new IdDraw(draw.table(), draw.column(), count, before, draw.reread());
  }

  private static long advance(Ahead ahead, IdDraw draw) {
    long first = ahead.next;
    ahead.next += draw.drawn();
    return first;
  }
}
