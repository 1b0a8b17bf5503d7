package io.lockstep.mysql.binlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GroupReaderTest {
  private static final List<Bytes> BRANCH =
      List.of(
          Sent.PREPARED_GTID,
          Sent.TABLE_MAP,
          Sent.INSERT,
          Sent.TABLE_MAP,
          Sent.UPDATE,
          Sent.XA_END,
          Sent.XA_PREPARE);

  private final List<PreparedGroup> groups = new ArrayList<>();
  private final GroupReader reader = new GroupReader(Gtids.of("0-1-2"), 1 << 20, groups::add);

  private void read(List<Bytes> events) {
    Stream.concat(Stream.of(Sent.FORMAT), events.stream()).forEach(reader::event);
  }

  private List<Bytes> events() {
    return groups.get(0).parts().get(0).events();
  }

  /** A savepoint as the server logs it, without its checksum being right: nobody looks. */
  private static Bytes savepoint(String name) {
    byte[] text = ("SAVEPOINT `" + name + "`").getBytes(StandardCharsets.UTF_8);
    byte[] event = new byte[Event.HEADER_BYTES + 14 + text.length + 4];
    event[4] = EventType.QUERY;
    event[9] = (byte) event.length;
    System.arraycopy(text, 0, event, Event.HEADER_BYTES + 14, text.length);
    return Bytes.owning(event);
  }

  @Test
  void a_savepoint_of_ours_begins_a_part_and_a_client_s_does_not() {
    read(
        List.of(
            Sent.PREPARED_GTID,
            savepoint(Capture.PART + 1),
            savepoint(Capture.PART + 2),
            Sent.TABLE_MAP,
            Sent.INSERT,
            savepoint("mine"),
            Sent.TABLE_MAP,
            Sent.UPDATE,
            savepoint(Capture.PART + 3),
            Sent.TABLE_MAP,
            Sent.DELETE,
            Sent.XA_END,
            Sent.XA_PREPARE));
    assertEquals(
        List.of(Capture.PART + 1, Capture.PART + 2, Capture.PART + 3),
        groups.get(0).parts().stream().map(Capture.Part::name).toList());
    assertEquals(
        List.of(0, 4, 2),
        groups.get(0).parts().stream().map(part -> part.events().size()).toList());
  }

  @Test
  void a_prepared_branch_is_told_with_its_maps_and_rows_alone() {
    read(BRANCH);
    assertEquals(List.of("lockstep1"), groups.stream().map(PreparedGroup::xid).toList());
    assertEquals(
        List.of(
            EventType.TABLE_MAP, EventType.WRITE_ROWS, EventType.TABLE_MAP, EventType.UPDATE_ROWS),
        events().stream().map(bytes -> new Event(bytes).type()).toList());
    assertEquals(Optional.empty(), groups.get(0).flaw());
  }

  @Test
  void events_are_told_without_their_checksums() {
    read(BRANCH);
    Bytes insert = events().get(1);
    assertEquals(Sent.INSERT.length() - 4, insert.length());
    assertFalse(new Event(insert).cut());
  }

  @Test
  void a_group_counts_as_read_when_its_last_event_was() {
    read(BRANCH.subList(0, BRANCH.size() - 1));
    assertEquals(Gtids.of("0-1-2"), reader.reached());
    assertEquals(List.of(), groups);
    reader.event(Sent.XA_PREPARE);
    assertEquals(Gtids.of("0-1-3"), reader.reached());
  }

  @Test
  void the_end_of_a_branch_counts_as_read_and_is_not_told() {
    read(List.of(Sent.COMPLETED_GTID, Sent.XA_ROLLBACK));
    assertEquals(Gtids.of("0-1-4"), reader.reached());
    assertEquals(List.of(), groups);
  }

  @Test
  void a_group_beyond_the_bound_is_told_by_its_name() {
    List<PreparedGroup> told = new ArrayList<>();
    GroupReader small = new GroupReader(Gtids.NONE, 150, told::add);
    Stream.concat(Stream.of(Sent.FORMAT), BRANCH.stream()).forEach(small::event);
    assertEquals(
        List.of(
            new PreparedGroup("lockstep1", List.of(), Optional.of("more than 150 bytes of rows"))),
        told);
  }

  @Test
  void a_group_with_an_event_that_is_cut_off_is_flawed() {
    List<Bytes> cut = new ArrayList<>(BRANCH);
    cut.set(2, Bytes.owning(Arrays.copyOf(Sent.INSERT.view(), Sent.INSERT.length() - 9)));
    read(cut);
    assertTrue(groups.get(0).flaw().isPresent());
    assertEquals(List.of(), groups.get(0).parts());
  }

  @Test
  void a_group_with_a_row_that_is_not_whole_is_flawed() {
    byte[] partial = Sent.INSERT.toArray();
    partial[Event.HEADER_BYTES + 9] = 0x7f;
    List<Bytes> events = new ArrayList<>(BRANCH);
    events.set(2, Bytes.owning(partial));
    read(events);
    assertTrue(groups.get(0).flaw().orElseThrow().contains("binlog_row_image"));
  }

  @Test
  void a_group_with_anything_that_is_not_known_is_flawed() {
    byte[] unknown = Sent.INSERT.toArray();
    unknown[4] = 5;
    List<Bytes> events = new ArrayList<>(BRANCH);
    events.set(2, Bytes.owning(unknown));
    read(events);
    assertTrue(groups.get(0).flaw().isPresent());
  }

  @Test
  void a_position_covers_what_lies_before_it_in_every_domain() {
    assertTrue(Gtids.of("0-1-5,2-1-7").covers(Gtids.of("0-1-5")));
    assertFalse(Gtids.of("0-1-5").covers(Gtids.of("0-1-6")));
    assertFalse(Gtids.of("0-1-5").covers(Gtids.of("0-1-5,2-1-1")));
    assertTrue(Gtids.NONE.covers(Gtids.of("")));
  }
}
