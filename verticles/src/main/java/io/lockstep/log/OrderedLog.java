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

  /** Hears about leadership and about the end. Called on any thread, must not block. */
  interface Listener {
    /**
     * This node leads and every entry committed in earlier terms is readable here: it may stamp.
     *
     * @param barrier the index of the first entry of its own term
     */
    void leading(Term term, LogIndex barrier);

    /** This node does not lead (any more); {@code leader} is a hint. */
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

  /** The append was refused because too much is pending; it will never commit. */
  final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FullException(String message) {
      super(message);
    }
  }

  /**
   * Opens the log, after which the listener hears. Entries up to {@code applied} are in the
   * database and need not be kept.
   */
  Future<Void> open(LogIndex applied, Listener listener);

  /**
   * Appends one entry in the given term. Calls made one after the other on one thread commit in
   * that order, if they commit. Completes with its index when it is committed. Fails with {@link
   * NotLeaderException} or {@link FullException} when it certainly never commits; with anything
   * else its fate is unknown: it may commit later.
   */
  Future<LogIndex> append(Term term, Bytes payload);

  /**
   * The committed entries after {@code after}, oldest first: at least one (it waits for it), at
   * most {@code entriesMax} and, but for the first, at most {@code bytesMax}. One reader at a time.
   */
  Future<List<Committed>> read(LogIndex after, int entriesMax, int bytesMax);

  /** The last entry before {@code before} that holds a payload; empty when there was none ever. */
  Future<Optional<Committed>> lastBefore(LogIndex before);

  /** Confirms with a quorum and returns the index up to which a linearizable read must wait. */
  Future<LogIndex> confirmedHead();

  /** The last entry known here to be committed, without asking anybody. */
  LogIndex knownCommitted();

  /** The database holds everything up to this index durably: older entries may be purged. */
  void applied(LogIndex durable);

  /** Asks the engine to hand leadership to another node; refused when this node does not lead. */
  Future<Void> transferTo(NodeId successor);

  /** Stops taking part. Nothing committed is lost. */
  Future<Void> close();
}
