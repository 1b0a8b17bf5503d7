package io.lockstep.log;

import io.lockstep.model.Bytes;
import io.lockstep.model.LogIndex;
import io.lockstep.model.NodeId;
import io.lockstep.model.Term;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * The replicated, durable sequence of entries (invariant I1: an entry is committed when a majority
 * has it on disk; this log alone decides). Payloads are opaque. Entries of the engine's own (terms,
 * members) take indexes but are never returned. Futures complete on any thread; callers bring
 * themselves back to their own context.
 *
 * <p>Every engine passes {@code OrderedLogContract}.
 */
public interface OrderedLog {
  /** Largest payload that {@link #append} takes, in bytes. */
  int PAYLOAD_BYTES_MAX = (64 << 20) + (1 << 20);

  /** One committed entry. */
  record Committed(LogIndex index, Bytes payload) {}

  /**
   * Hears about leadership and about the end. Called on any thread, one call at a time, in the
   * order of what happened; must not block.
   */
  interface Listener {
    /**
     * This node leads and every entry committed in earlier terms is readable here: it may stamp.
     * Called at most once for a term.
     *
     * @param barrier the index of the first entry of its own term, an entry of the engine's own
     */
    void leading(Term term, LogIndex barrier);

    /**
     * This node does not lead (any more); {@code leader} is a hint. Called at least once after
     * {@link #open}, and after every loss of leadership; it may be late: another node may lead
     * already, and appends of the old term may fail before it.
     */
    void following(Term term, Optional<NodeId> leader);

    /** The log can no longer be written or read: the node must stop at once. */
    void failed(Throwable cause);

    /** The entries that this node lacks have been purged everywhere: it must be rebuilt. */
    void tooFarBehind(LogIndex firstAvailable);
  }

  /** The append was refused and will never commit: another node leads. */
  final class NotLeaderException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Optional<NodeId> leader;

    public NotLeaderException(Optional<NodeId> leader) {
      super("this node does not lead the ordered log");
      this.leader = leader;
    }

    /** Whom to ask, as far as this node knows. */
    public Optional<NodeId> leader() {
      return leader;
    }
  }

  /**
   * The append was refused and will never commit: leadership is being handed over. If the successor
   * does not take it, this node leads on in the same term, and the listener hears nothing.
   */
  final class HandingOverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HandingOverException() {
      super("the leadership of the ordered log is being handed over");
    }
  }

  /** The append was refused because too much is pending; it will never commit. */
  final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FullException(String message) {
      super(message);
    }
  }

  /**
   * The append was refused and will never commit: an earlier append of the same term failed. Ask
   * for a {@link #barrier} to learn where the log stands.
   */
  final class TermInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TermInterruptedException(Term term) {
      super("an earlier append of term " + term + " failed: a barrier must come first");
    }
  }

  /** The log is closed here. An append that fails so was never tried. */
  final class ClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClosedException() {
      super("the ordered log is closed here");
    }
  }

  /** What was to be read has been purged here. */
  final class PurgedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient LogIndex firstAvailable;

    public PurgedException(LogIndex firstAvailable) {
      super("entries before " + firstAvailable + " have been purged here");
      this.firstAvailable = firstAvailable;
    }

    /** The oldest entry that can still be read. */
    public LogIndex firstAvailable() {
      return firstAvailable;
    }
  }

  /**
   * Opens the log, after which the listener hears. Entries up to {@code applied} are in the
   * database and need not be kept.
   */
  Future<Void> open(LogIndex applied, Listener listener);

  /**
   * Appends one entry in the given term, which is never empty. Completes with its index when it is
   * committed.
   *
   * <p><b>Fence.</b> It is refused with {@link NotLeaderException} unless this node leads in
   * exactly this term: an append of an older reign never enters the log of a newer one, not even on
   * the same node.
   *
   * <p><b>Order.</b> Calls made one after the other on one thread take their places in that order.
   * Once an append of a term has failed, for whatever cause, a later append of that term commits
   * only behind it: it never commits when the failed one does not. So a call after a failure (and
   * one that was already made when an earlier one was refused at the door) fails with {@link
   * TermInterruptedException} until a {@link #barrier} is committed.
   *
   * <p><b>Failures.</b> {@link NotLeaderException}, {@link HandingOverException}, {@link
   * FullException}, {@link TermInterruptedException} and {@link ClosedException}: it certainly
   * never commits. Anything else: its fate is unknown; it may commit later.
   */
  Future<LogIndex> append(Term term, Bytes payload);

  /**
   * Appends an entry of the engine's own behind every append called before, and completes with its
   * index when it is committed. From then on each of those appends is settled: it lies before the
   * barrier or never commits; {@link #lastBefore} with this index tells where the order stands, and
   * the term takes appends again. Fails as {@link #append} does, but never with {@link
   * TermInterruptedException}.
   */
  Future<LogIndex> barrier(Term term);

  /**
   * The committed entries after {@code after}, oldest first: at least one (it waits for it), at
   * most {@code entriesMax} and, but for the first, at most {@code bytesMax}. One reader at a time:
   * a second call before the first has completed fails with {@link IllegalStateException}. Fails
   * with {@link PurgedException} when the entry after {@code after} is no longer kept, and with
   * {@link ClosedException} when the log closes, also while it waits.
   */
  Future<List<Committed>> read(LogIndex after, int entriesMax, int bytesMax);

  /**
   * The last committed entry before {@code before} that holds a payload. Empty when none is kept:
   * there was none ever, or all of them are purged here, which means that the database of this node
   * has applied every one of them. {@code before} is the index of an entry committed here.
   */
  Future<Optional<Committed>> lastBefore(LogIndex before);

  /**
   * Confirms with a quorum, after the call, which entries are committed, and returns the last:
   * every entry whose commit anybody had learnt before the call is at or before it. Fails when no
   * quorum answers, and may fail on a node that does not lead.
   */
  Future<LogIndex> confirmedHead();

  /** The last entry known here to be committed, without asking anybody. */
  LogIndex knownCommitted();

  /**
   * The last committed entry up to {@code index} that holds a payload; none if there is none any
   * more. The others are the engine's own, such as the one that every leader begins with, and
   * nobody applies those.
   */
  default Future<LogIndex> lastPayload(LogIndex index) {
    return lastBefore(new LogIndex(index.value() + 1))
        .map(last -> last.map(Committed::index).orElse(LogIndex.NONE));
  }

  /**
   * The database of this node holds everything up to this index durably: entries up to it may be
   * purged here, never one after it.
   */
  void applied(LogIndex durable);

  /**
   * Asks the engine to hand leadership to another node. Completes when that node leads; fails with
   * {@link NotLeaderException} when this node does not lead, and with another cause when the
   * successor did not take over: then this node may lead on, in a newer term or the same.
   */
  Future<Void> transferTo(NodeId successor);

  /** Stops taking part. Nothing committed is lost. Every call that waits fails. */
  Future<Void> close();
}
