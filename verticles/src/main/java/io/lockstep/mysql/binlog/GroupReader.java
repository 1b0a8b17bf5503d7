package io.lockstep.mysql.binlog;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.mysql.PayloadReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the groups of prepared branches in a stream of events. A group begins with its GTID, which
 * names the branch, and ends with XA_PREPARE (MariaDB: GTID_EVENT, FL_PREPARED_XA).
 *
 * <pre>
 * BETWEEN --GTID of a prepared branch--> COLLECTING --XA_PREPARE--> BETWEEN, and the group is told
 * BETWEEN --any other GTID--> PASSING --the group's last event--> BETWEEN
 * </pre>
 */
public final class GroupReader {
  /** As the server writes it, whatever the client wrote. */
  private static final String PART = "SAVEPOINT `" + Capture.PART;

  private static final int STANDALONE = 1;
  private static final int HAS_COMMIT_ID = 2;
  private static final int PREPARED_XA = 64;
  private static final int COMPLETED_XA = 128;
  private static final int CRC32 = 1;
  private static final int ARTIFICIAL = 0x20;

  private final long groupBytesMax;
  private final Consumer<PreparedGroup> prepared;
  private Gtids reached;
  private boolean checksummed;
  private boolean alone;
  private long domain;
  private long number;
  private Optional<Collected> collecting = Optional.empty();

  /** The group at hand. */
  private static final class Collected {
    private final String xid;
    private final List<Capture.Part> parts = new ArrayList<>();
    private List<Bytes> events = new ArrayList<>();
    private String part = "";
    private long bytes;
    private Optional<String> flaw = Optional.empty();

    Collected(String xid) {
      this.xid = xid;
    }

    void begin(String next) {
      if (!events.isEmpty() || !part.isEmpty()) {
        parts.add(new Capture.Part(part, events));
        events = new ArrayList<>();
      }
      part = next;
    }

    PreparedGroup whole() {
      begin("");
      return new PreparedGroup(xid, parts, flaw);
    }

    void flaw(String why) {
      events.clear();
      parts.clear();
      flaw = flaw.or(() -> Optional.of(why));
    }
  }

  /**
   * @param begin what lies before the first event
   * @param groupBytesMax of a longer group, only its name is told
   * @param prepared told of each group once it is whole
   */
  public GroupReader(Gtids begin, long groupBytesMax, Consumer<PreparedGroup> prepared) {
    this.reached = begin;
    this.groupBytesMax = groupBytesMax;
    this.prepared = prepared;
  }

  /** The last group that has been read whole. */
  public Gtids reached() {
    return reached;
  }

  /** Takes the next event as the server sent it. */
  public void event(Bytes sent) {
    if (isFormat(sent)) {
      // Its last five bytes are the kind of checksum and its own, which it always has.
      checksummed = sent.at(sent.length() - 5) == CRC32;
      return;
    }
    Event event = Event.of(sent, checksummed);
    if (event.cut()) {
      collecting.ifPresent(group -> group.flaw("a row that is too long"));
      return;
    }
    switch (event.type()) {
      case EventType.GTID -> begin(event);
      case EventType.TABLE_MAP,
          EventType.WRITE_ROWS,
          EventType.UPDATE_ROWS,
          EventType.DELETE_ROWS ->
          collect(event);
      case EventType.XA_PREPARE, EventType.XID -> end();
      case EventType.QUERY -> query(event);
      case EventType.ROTATE, EventType.HEARTBEAT, EventType.ANNOTATE_ROWS -> {}
      default -> other(event);
    }
  }

  /** Whether the log goes on in another file behind this event. */
  public static boolean endsFile(Bytes sent) {
    return sent.length() >= Event.HEADER_BYTES
        && (sent.at(4) & 0xff) == EventType.ROTATE
        && (sent.at(17) & ARTIFICIAL) == 0;
  }

  private static boolean isFormat(Bytes sent) {
    return sent.length() > Event.HEADER_BYTES + 5
        && (sent.at(4) & 0xff) == EventType.FORMAT_DESCRIPTION;
  }

  private void begin(Event event) {
    PayloadReader in = event.content();
    number = in.i64();
    domain = in.u32();
    int flags = in.u8();
    alone = (flags & (STANDALONE | COMPLETED_XA)) != 0;
    collecting = Optional.empty();
    if ((flags & PREPARED_XA) != 0) {
      if ((flags & HAS_COMMIT_ID) != 0) {
        in.skip(8);
      }
      in.skip(4);
      int global = in.u8();
      in.skip(1);
      collecting = Optional.of(new Collected(in.bytes(global).latin1()));
    }
  }

  private void collect(Event event) {
    collecting.ifPresent(
        group -> {
          group.bytes += event.bytes().length();
          if (group.bytes > groupBytesMax) {
            group.flaw("more than " + groupBytesMax + " bytes of rows");
          } else if (EventType.isRows(event.type()) && !RowsEvent.of(event).complete()) {
            group.flaw("rows without all their columns (binlog_row_image is not FULL)");
          } else if (group.flaw.isEmpty()) {
            group.events.add(event.bytes());
          }
        });
  }

  /** Savepoints change nothing by themselves: what was undone is not in the log. */
  private void query(Event event) {
    String text = queryText(event).strip();
    if (text.startsWith(PART)) {
      String name = text.substring(PART.length() - Capture.PART.length(), text.length() - 1);
      collecting.ifPresent(group -> group.begin(name));
      return;
    }
    query(text.toUpperCase(Locale.ROOT));
  }

  private void query(String text) {
    if (alone || text.equals("COMMIT") || text.equals("ROLLBACK")) {
      end();
      return;
    }
    boolean harmless =
        text.startsWith("SAVEPOINT") || text.startsWith("XA ") || text.equals("BEGIN");
    if (!harmless) {
      collecting.ifPresent(group -> group.flaw("a statement that is logged as text"));
    }
  }

  /**
   * Thread 4, time 4, length of the schema 1, error 2, length of the variables 2; then all these.
   */
  private static String queryText(Event event) {
    PayloadReader in = event.content();
    in.skip(8);
    int schema = in.u8();
    in.skip(2);
    in.skip(in.u16());
    in.skip(schema + 1);
    return in.rest().latin1();
  }

  private void end() {
    reached = reached.with(domain, number);
    collecting.ifPresent(group -> prepared.accept(group.whole()));
    collecting = Optional.empty();
  }

  private void other(Event event) {
    if ((event.flags() & ARTIFICIAL) == 0) {
      collecting.ifPresent(
          group -> group.flaw("an event of the binary log's type " + event.type()));
    }
  }
}
