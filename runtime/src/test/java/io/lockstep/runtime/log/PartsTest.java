package io.lockstep.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PartsTest {
  private final Parts.Joiner joiner = new Parts.Joiner();

  private static Bytes payload(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 7 + (i >> 11));
    }
    return Bytes.owning(bytes);
  }

  private List<Bytes> joined(List<ByteString> entries) {
    List<Bytes> payloads = new ArrayList<>();
    entries.forEach(entry -> joiner.add(entry).ifPresent(payloads::add));
    return payloads;
  }

  @Test
  void a_short_payload_is_one_entry() {
    List<ByteString> entries = Parts.cut(payload(Parts.PART_BYTES_MAX), 1);
    assertEquals(1, entries.size());
    assertEquals(List.of(payload(Parts.PART_BYTES_MAX)), joined(entries));
  }

  @Test
  void a_long_payload_comes_back_from_its_parts() {
    List<ByteString> entries = Parts.cut(payload(3 * Parts.PART_BYTES_MAX + 5), 1);
    assertEquals(4, entries.size());
    assertEquals(List.of(payload(3 * Parts.PART_BYTES_MAX + 5)), joined(entries));
  }

  @Test
  void a_payload_whose_last_part_never_came_is_skipped() {
    List<ByteString> broken = Parts.cut(payload(3 * Parts.PART_BYTES_MAX), 1).subList(0, 2);
    List<ByteString> entries = new ArrayList<>(broken);
    entries.addAll(Parts.cut(payload(10), 2));
    entries.addAll(broken);
    entries.addAll(Parts.cut(payload(2 * Parts.PART_BYTES_MAX), 3));
    entries.addAll(broken);
    entries.add(Parts.barrier());
    entries.add(Parts.cut(payload(3 * Parts.PART_BYTES_MAX), 1).get(2));
    assertEquals(List.of(payload(10), payload(2 * Parts.PART_BYTES_MAX)), joined(entries));
  }

  @Test
  void a_barrier_holds_nothing() {
    assertEquals(Optional.empty(), joiner.add(Parts.barrier()));
    assertFalse(Parts.ends(Parts.barrier()));
    assertTrue(Parts.begins(Parts.barrier()));
  }

  @Test
  void the_bytes_of_version_1_stay_as_they_are() {
    Bytes text = Bytes.utf8("ab");
    assertEquals(ByteString.copyFrom(new byte[] {1, 'a', 'b'}), Parts.cut(text, 9).get(0));
    assertEquals(ByteString.copyFrom(new byte[] {4}), Parts.barrier());
    ByteString last = Parts.cut(payload(Parts.PART_BYTES_MAX + 1), 9).get(1);
    assertEquals(
        ByteString.copyFrom(
            new byte[] {
              3,
              0,
              0,
              0,
              0,
              0,
              0,
              0,
              9,
              0,
              0,
              0,
              1,
              payload(Parts.PART_BYTES_MAX + 1).view()[Parts.PART_BYTES_MAX]
            }),
        last);
  }
}
