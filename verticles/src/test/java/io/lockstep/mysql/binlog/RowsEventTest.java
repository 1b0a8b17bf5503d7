package io.lockstep.mysql.binlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import io.lockstep.mysql.ProtocolException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RowsEventTest {
  private static final TableMap TABLE = TableMap.of(Event.of(Sent.TABLE_MAP, true));

  private static RowsEvent rows(Bytes sent) {
    return RowsEvent.of(Event.of(sent, true));
  }

  private static Cell cell(RowImage row, int column) {
    return row.cells().get(column).orElseThrow();
  }

  private static Cell cell(int type, int meta, String hex) {
    return new Cell(new ColumnForm(type, meta), Bytes.owning(HexFormat.of().parseHex(hex)));
  }

  @Test
  void a_table_map_names_the_table_and_counts_its_columns() {
    assertEquals(new TableName("d", "t"), TABLE.table());
    assertEquals(10, TABLE.columns().size());
    assertEquals(TABLE.id(), rows(Sent.INSERT).tableId());
  }

  @Test
  void inserted_rows_have_values_of_every_column() {
    List<RowsEvent.Change> changes = rows(Sent.INSERT).changes(TABLE);
    RowImage first = changes.get(0).after().orElseThrow();
    assertEquals(2, changes.size());
    assertEquals(1, cell(first, 0).integer(false).intValue());
    assertEquals("hello", cell(first, 1).bytes().utf8());
    assertEquals(16, cell(first, 2).bytes().length());
    assertEquals(2, cell(first, 5).integer(true).intValue());
    assertEquals("1795604661.363", cell(first, 6).epoch());
    assertEquals((float) 1.1, (float) cell(first, 7).real());
    assertEquals(5, cell(first, 8).bits().intValue());
    RowImage second = changes.get(1).after().orElseThrow();
    assertTrue(second.cells().get(5).isEmpty(), "NULL");
    assertTrue(changes.stream().allMatch(change -> change.before().isEmpty()));
  }

  @Test
  void a_changed_row_is_before_what_it_was_after_its_insert() {
    RowImage inserted = rows(Sent.INSERT).changes(TABLE).get(0).after().orElseThrow();
    RowsEvent.Change change = rows(Sent.UPDATE).changes(TABLE).get(0);
    assertEquals(cell(inserted, 1), cell(change.before().orElseThrow(), 1));
    assertEquals("z", cell(change.after().orElseThrow(), 1).bytes().utf8());
  }

  @Test
  void a_deleted_row_has_only_a_before() {
    RowsEvent.Change change = rows(Sent.DELETE).changes(TABLE).get(0);
    assertEquals(2, cell(change.before().orElseThrow(), 0).integer(false).intValue());
    assertTrue(change.after().isEmpty());
    assertFalse(rows(Sent.DELETE).writes());
  }

  @Test
  void an_event_can_be_made_the_last_of_a_statement() {
    Event insert = Event.of(Sent.INSERT, true);
    byte[] open = insert.bytes().toArray();
    open[Event.HEADER_BYTES + 6] = 0;
    Event more = new Event(Bytes.owning(open));
    assertFalse(RowsEvent.of(more).endsStatement());
    assertEquals(insert.bytes(), RowsEvent.asLast(more));
  }

  @Test
  void an_event_that_is_cut_anywhere_is_refused() {
    Bytes whole = Event.of(Sent.UPDATE, true).bytes();
    for (int length = Event.HEADER_BYTES; length < whole.length(); length++) {
      Bytes cut = Bytes.owning(Arrays.copyOf(whole.view(), length));
      // A cut between the two images of a row is one between rows.
      assertThrows(
          ProtocolException.class,
          () -> RowsEvent.of(new Event(cut)).changes(TABLE),
          "at " + length);
      if (length == Event.HEADER_BYTES + 12) {
        return;
      }
    }
  }

  @Test
  void decimals_are_read_in_groups_of_nine_digits() {
    int meta = 30 << 8 | 10;
    String negative = "73eb655bcaf204c72dff439eb1f6";
    assertEquals(
        new BigDecimal("-12345678901234567890.0123456789"),
        cell(ColumnForm.DECIMAL, meta, negative).decimal());
    assertEquals(
        new BigDecimal("0.00001"), cell(ColumnForm.DECIMAL, 5 << 8 | 5, "800001").decimal());
    assertEquals(new BigDecimal("-7"), cell(ColumnForm.DECIMAL, 1 << 8, "78").decimal());
  }

  @Test
  void times_are_shown_as_the_server_shows_them() {
    assertEquals("-838:59:59.999", cell(ColumnForm.TIME2, 3, "4b9104d8fa").time().substring(0, 14));
    assertEquals(
        "2024-02-29 23:59:59.1234", cell(ColumnForm.DATETIME2, 4, "99b2bb7efb04d2").datetime());
    assertEquals("0000-00-00", cell(ColumnForm.DATE, 0, "000000").date());
    assertEquals("2147483647.99", cell(ColumnForm.TIMESTAMP2, 2, "7fffffff63").epoch());
  }

  @Test
  void integers_are_signed_or_not() {
    assertEquals(-128, cell(ColumnForm.TINY, 0, "80").integer(false).intValue());
    assertEquals(16777215, cell(ColumnForm.INT24, 0, "ffffff").integer(true).intValue());
    assertEquals(
        "18446744073709551615",
        cell(ColumnForm.LONGLONG, 0, "ffffffffffffffff").integer(true).toString());
  }
}
