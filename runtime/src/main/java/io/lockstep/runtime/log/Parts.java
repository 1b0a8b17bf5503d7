package io.lockstep.runtime.log;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * How payloads lie in the engine's entries. A short one is one entry. A long one is cut into
 * consecutive entries and exists from its last part on: if a leader fell in between, the next
 * payload follows an unfinished one, which every reader then skips.
 *
 * <p>Version 1 of an entry: a whole payload is the byte 1 and the payload; a part is the byte 2 (3
 * for the last part), the group (i64), the part's number from 0 (i32), and its bytes; the byte 4
 * alone is a barrier, which holds nothing.
 */
final class Parts {
  static final int PART_BYTES_MAX = 1 << 20;

  private static final byte WHOLE = 1;
  private static final byte PART = 2;
  private static final byte LAST = 3;
  private static final byte BARRIER = 4;
  private static final int PART_HEADER = 1 + Long.BYTES + Integer.BYTES;

  private Parts() {}

  /** The entry of a barrier. */
  static ByteString barrier() {
    byte[] head = {BARRIER};
    return UnsafeByteOperations.unsafeWrap(head);
  }

  /** The entries that stand for one payload, in order. {@code group} must never be used again. */
  static List<ByteString> cut(Bytes payload, long group) {
    byte[] bytes = payload.view();
    if (bytes.length <= PART_BYTES_MAX) {
      byte[] head = {WHOLE};
      return List.of(
          UnsafeByteOperations.unsafeWrap(head).concat(UnsafeByteOperations.unsafeWrap(bytes)));
    }
    List<ByteString> entries = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += PART_BYTES_MAX) {
      int length = Math.min(PART_BYTES_MAX, bytes.length - from);
      boolean last = from + length == bytes.length;
      ByteBuffer head = ByteBuffer.allocate(PART_HEADER);
      head.put(last ? LAST : PART).putLong(group).putInt(entries.size()).flip();
      entries.add(
          UnsafeByteOperations.unsafeWrap(head)
              .concat(UnsafeByteOperations.unsafeWrap(bytes, from, length)));
    }
    return entries;
  }

  /** Puts payloads together again; fed with consecutive entries, oldest first. */
  static final class Joiner {
    private final List<ByteString> parts = new ArrayList<>();
    private long group;

    /** The payload that this entry completes. */
    Optional<Bytes> add(ByteString entry) {
      byte kind = entry.byteAt(0);
      if (kind == WHOLE) {
        parts.clear();
        return Optional.of(Bytes.owning(entry.substring(1).toByteArray()));
      }
      if (kind == BARRIER) {
        parts.clear();
        return Optional.empty();
      }
      Require.that(kind == PART || kind == LAST, "no version has written an entry of kind " + kind);
      ByteBuffer head = entry.substring(1, PART_HEADER).asReadOnlyByteBuffer();
      long ofGroup = head.getLong();
      int number = head.getInt();
      if (number == 0) {
        parts.clear();
        group = ofGroup;
      }
      if (number != parts.size() || ofGroup != group) {
        parts.clear();
        return Optional.empty();
      }
      parts.add(entry.substring(PART_HEADER));
      return kind == LAST ? Optional.of(joined()) : Optional.empty();
    }

    private Bytes joined() {
      int length = parts.stream().mapToInt(ByteString::size).sum();
      byte[] payload = new byte[length];
      int at = 0;
      for (ByteString part : parts) {
        part.copyTo(payload, at);
        at += part.size();
      }
      parts.clear();
      return Bytes.owning(payload);
    }
  }

  /** Whether a payload ends with this entry, complete or not. */
  static boolean ends(ByteString entry) {
    return entry.byteAt(0) == WHOLE || entry.byteAt(0) == LAST;
  }

  /** Whether no payload that began earlier goes on with this entry. */
  static boolean begins(ByteString entry) {
    return entry.byteAt(0) == WHOLE
        || entry.byteAt(0) == BARRIER
        || entry.substring(1 + Long.BYTES, PART_HEADER).asReadOnlyByteBuffer().getInt() == 0;
  }
}
