package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import io.lockstep.sql.NamedSchemas;
import io.lockstep.sql.Reach;
import io.lockstep.sql.StatementClass.TransactionControl.Verb;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What an open transaction did and what its client saw, in order: enough to run it again on another
 * connection, and to order it. Lives on its session's context.
 */
final class Journal {
  /** Plain reads that are kept; with more of them the transaction cannot move any more. */
  static final int READS_MAX = 10_000;

  /** Bytes of plain reads that are kept. */
  static final int READ_BYTES_MAX = 4 << 20;

  /** Bytes of what is ordered: a write less what travels with it. */
  static final long BYTES_MAX = Write.BYTES_MAX - (1 << 20);

  private static final MySqlError MIXED =
      MySqlError.notSupported("savepoints of this kind around captured rows");

  /** What a step is to the transaction. */
  enum Kind {
    /** INSERT, UPDATE, DELETE, REPLACE. */
    WRITE,
    /** A read that locks what it reads. */
    LOCKING_READ,
    /** Any other read. */
    READ,
    /** SAVEPOINT and its kin, which answer nothing worth comparing. */
    SAVEPOINT,
    /** A write of temporary tables, which no other node has. */
    LOCAL,
    /** What is ordered as the rows that it has changed: it cannot be run again. */
    CAPTURED;

    /** Whether rows are locked by it. */
    boolean locks() {
      return this == WRITE || this == LOCKING_READ || this == CAPTURED;
    }
  }

  /**
   * One step.
   *
   * @param compared whether the order compares what its client saw
   * @param part of what is captured: the number of its rows, else 0
   */
  record Entry(Kind kind, Step.Statement step, boolean compared, int part) {
    private boolean isRepeated() {
      return kind != Kind.READ || compared;
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Set<TableName> touched = new HashSet<>();
  private final Set<TableName> written = new HashSet<>();
  private boolean touchedAnything;
  private boolean analysedAnything;
  private final TemporaryChanges temporary = new TemporaryChanges();
  private long bytes;
  private long readBytes;
  private int reads;
  private final CapturedParts parts = new CapturedParts();
  private final DrawnIds drawnIds = new DrawnIds();
  private boolean captured;
  private boolean complete = true;
  private boolean effective;
  private boolean overflowed;
  private boolean endsCommitted;
  private boolean contended;
  private final GuessedRows guessed = new GuessedRows();

  private final FirstSteps first = new FirstSteps();

  /** Whether a step of this size can still be ordered with the others. */
  boolean hasRoomFor(long stepBytes) {
    return bytes + stepBytes <= BYTES_MAX && entries.size() - reads < Write.STEPS_MAX - 1;
  }

  /**
   * The savepoint that begins a part of the branch's rows: to be set before what is captured, and
   * before whatever writes behind it.
   */
  String beginPart() {
    return CapturedParts.savepoint(parts.begin());
  }

  /** The savepoint that began the last part. */
  String part() {
    return CapturedParts.savepoint(parts.last());
  }

  /** The client has set, released or gone back to a savepoint; what is to be read again then. */
  List<Entry> savepoint(Verb verb, String name) {
    temporary.savepoint(verb);
    return UndoneSteps.take(entries, parts.client(verb, name));
  }

  /** What was read again. */
  void readAgain(Entry entry) {
    entries.add(entry);
  }

  /** What is captured has ended its own transaction with its last savepoint. */
  void endsCommitted() {
    endsCommitted = true;
  }

  /** Whether rows of one of these tables were written or locked. */
  boolean touchesOneOf(Set<TableName> tables) {
    return touchedAnything || tables.stream().anyMatch(touched::contains);
  }

  /** What it has changed in temporary tables. */
  TemporaryChanges temporary() {
    return temporary;
  }

  /** Tables whose rows have been captured. */
  private void changed(Collection<TableName> tables) {
    touched.addAll(tables);
    written.addAll(tables);
  }

  /** What table locks of others keep it from committing. */
  TableNeeds needs() {
    return TableNeeds.of(Set.of(), written);
  }

  /** The schemas that the analyses of what is ordered have looked at; none for all. */
  Set<String> schemas() {
    if (analysedAnything) {
      return Set.of();
    }
    Set<String> schemas = new HashSet<>();
    touched.forEach(table -> schemas.add(NamedSchemas.lower(table.schema())));
    entries.stream()
        .map(entry -> entry.step().schema())
        .filter(schema -> !schema.isEmpty())
        .forEach(schema -> schemas.add(NamedSchemas.lower(schema)));
    return schemas;
  }

  /** The AUTO_INCREMENT ids that it took from the order, and those that it named. */
  DrawnIds drawnIds() {
    return drawnIds;
  }

  /** Whether anything has been written or locked. */
  boolean writes() {
    return effective;
  }

  /** Whether rows have to be read back before the commit. */
  boolean captured() {
    return captured;
  }

  /**
   * Adds a step that has been answered.
   *
   * @param reach what it gets to
   * @param everyRead whether plain reads are compared too (SERIALIZABLE)
   */
  void add(Kind kind, Step.Statement step, Reach reach, boolean everyRead) {
    drawnIds.kept(step);
    if (kind == Kind.LOCAL) {
      bytes += step.bytes();
      entries.add(new Entry(kind, step, false, 0));
      return;
    }
    first.note(kind, reach, entries.size());
    if (kind.locks()) {
      guessed.add(step, reach.tables());
    }
    if (kind == Kind.CAPTURED) {
      captured = true;
      drawnIds.captured();
      effective = true;
      complete = false;
      touch(reach);
      entries.add(new Entry(kind, step, true, parts.last()));
      return;
    }
    if (kind != Kind.READ) {
      touch(reach);
      analysedAnything |= reach.anything();
      effective |= kind != Kind.SAVEPOINT;
      bytes += step.bytes();
      entries.add(new Entry(kind, step, true, 0));
      return;
    }
    boolean compared = compares(reach, everyRead);
    overflowed |= compared && !hasRoomFor(step.bytes());
    if (compared && !overflowed) {
      bytes += step.bytes();
      entries.add(new Entry(kind, step, true, 0));
      return;
    }
    reads++;
    readBytes += step.bytes();
    if (reads <= READS_MAX && readBytes <= READ_BYTES_MAX && !compared) {
      entries.add(new Entry(kind, step, false, 0));
    } else {
      reads--;
      complete = false;
    }
  }

  private void touch(Reach reach) {
    touched.addAll(reach.tables());
    written.addAll(reach.written());
    touchedAnything |= reach.anything();
  }

  /** Whether a plain read that gets there has to be compared at the commit. */
  boolean compares(Reach reach, boolean everyRead) {
    return !reach.isNone()
        && (everyRead
            || touchedAnything
            || (touches() && reach.anything())
            || reach.tables().stream().anyMatch(touched::contains));
  }

  /** Whether anything was written or locked. */
  boolean touches() {
    return touchedAnything || !touched.isEmpty();
  }

  /** Whether something that had to be compared found no room: it cannot be committed. */
  boolean overflowed() {
    return overflowed;
  }

  /** Whether it can be run again: nothing that the client saw is missing. */
  boolean complete() {
    return complete;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /**
   * What has to be run again in another branch. Plain reads that the order does not compare are for
   * who goes on reading in their snapshot alone: a write meets the rows of now anyway. But what was
   * read under a lock must be as it was: without the branch another may have had that lock.
   */
  List<Entry> again(boolean snapshot, Isolation level) {
    boolean every = snapshot && level.keepsSnapshot();
    int from = first.readUnderLock(level).orElse(entries.size());
    return IntStream.range(0, entries.size())
        .filter(i -> every || i >= from || entries.get(i).isRepeated())
        .mapToObj(entries::get)
        .toList();
  }

  /** Which of its steps came first of their kind. */
  FirstSteps first() {
    return first;
  }

  /** Whether the order compares what plain reads saw. */
  boolean comparesReads() {
    return entries.stream().anyMatch(entry -> entry.kind() == Kind.READ && entry.compared());
  }

  /** What has to be ordered at the commit; empty when nothing was written or locked. */
  List<Step> toOrder() {
    return effective
        ? entries.stream().filter(Entry::compared).<Step>map(Entry::step).toList()
        : List.of();
  }

  /**
   * The same, with the rows of what was captured in its place. Fails with 1235 if they cannot be
   * told, or were not committed by what has to commit itself.
   */
  Future<List<Step>> rows(Capture.Rows rows) {
    if (endsCommitted && CapturedParts.changedBehindCall(rows)) {
      return Future.failedFuture(new ClientErrorException(CallRun.LEFT_OPEN));
    }
    changed(ChangedTables.of(rows).named());
    return parts
        .assign(rows)
        .map(assigned -> Future.succeededFuture(toOrder(assigned)))
        .orElseGet(() -> Future.failedFuture(new ClientErrorException(MIXED)));
  }

  private List<Step> toOrder(Map<Integer, List<Bytes>> rows) {
    List<Step> steps = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.kind() == Kind.CAPTURED) {
        List<Bytes> events = rows.getOrDefault(entry.part(), List.of());
        if (!events.isEmpty()) {
          steps.add(new Step.Rows(events));
        }
      } else if (entry.compared()) {
        steps.add(entry.step());
      }
    }
    return steps;
  }

  /** Others' writes to the same rows have come before a statement of it. */
  void contended() {
    contended = true;
  }

  boolean isContended() {
    return contended;
  }

  /** The rows that it has locked or is about to, as far as its statements name them. */
  GuessedRows guessed() {
    return guessed;
  }

  /** What has to be done again at the session's own connection after the commit. */
  List<Step.Statement> local() {
    return entries.stream()
        .filter(entry -> entry.kind() == Kind.LOCAL && temporary.repeats())
        .map(Entry::step)
        .toList();
  }

  void clear() {
    entries.clear();
    touched.clear();
    written.clear();
    touchedAnything = false;
    analysedAnything = false;
    temporary.clear();
    bytes = 0;
    readBytes = 0;
    reads = 0;
    parts.clear();
    drawnIds.clear();
    captured = false;
    complete = true;
    effective = false;
    overflowed = false;
    endsCommitted = false;
    contended = false;
    guessed.clear();
    first.clear();
  }
}
