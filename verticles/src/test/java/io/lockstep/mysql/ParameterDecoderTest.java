package io.lockstep.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.model.Bytes;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ParameterDecoderTest {
  private static Parameter one(String type, String value) {
    return new ParameterDecoder(1, 100).decode(Hex.buffer("00 01" + type + value)).get(0);
  }

  @Test
  void integers_keep_their_sign_and_all_their_bits() {
    assertEquals(new Parameter.Whole(-1, false), one("0100", "ff"));
    assertEquals(new Parameter.Whole(255, true), one("0180", "ff"));
    assertEquals(new Parameter.Whole(-2, false), one("0200", "feff"));
    assertEquals(new Parameter.Whole(65534, true), one("0280", "feff"));
    assertEquals(new Parameter.Whole(-1, false), one("0300", "ffffffff"));
    assertEquals(new Parameter.Whole(0xffff_ffffL, true), one("0380", "ffffffff"));
    assertEquals(new Parameter.Whole(-1, true), one("0880", "ffffffffffffffff"));
    assertEquals(new Parameter.Whole(Long.MIN_VALUE, false), one("0800", "0000000000000080"));
  }

  @Test
  void floating_values_are_exact() {
    assertEquals(new Parameter.SinglePrecision(0.1f), one("0400", "cdcccc3d"));
    assertEquals(new Parameter.DoublePrecision(0.1), one("0500", "9a9999999999b93f"));
  }

  @Test
  void strings_decimals_and_blobs_are_told_apart() {
    assertEquals(new Parameter.Text(Bytes.utf8("ab")), one("fd00", "026162"));
    assertEquals(new Parameter.Decimal(Bytes.utf8("1.50")), one("f600", "04312e3530"));
    assertEquals(new Parameter.Blob(Hex.bytes("00ff")), one("fc00", "0200ff"));
  }

  @Test
  void dates_and_times_have_all_their_forms() {
    assertEquals(new Parameter.Date(2024, 2, 29), one("0a00", "04e807021d"));
    assertEquals(new Parameter.Date(0, 0, 0), one("0a00", "00"));
    assertEquals(
        new Parameter.DateTime(2024, 2, 29, 23, 59, 58, 999_999),
        one("0c00", "0be807021d173b3a3f420f00"));
    assertEquals(new Parameter.DateTime(2024, 2, 29, 1, 2, 3, 0), one("0700", "07e807021d010203"));
    assertEquals(new Parameter.DateTime(2024, 2, 29, 0, 0, 0, 0), one("0c00", "04e807021d"));
    assertEquals(new Parameter.Time(true, 49, 2, 3, 0), one("0b00", "080102000000010203"));
    assertEquals(new Parameter.Time(false, 1, 2, 3, 4), one("0b00", "0c000000000001020304000000"));
    assertEquals(new Parameter.Time(false, 0, 0, 0, 0), one("0b00", "00"));
    assertEquals(new Parameter.Time(true, 23, 0, 0, 0), one("0b00", "0801ffffffff2f0000"));
  }

  @Test
  void rows_of_a_bulk_execution_say_of_each_value_whether_it_is_one() {
    ParameterDecoder two = new ParameterDecoder(2, 100);
    List<List<BulkValue>> rows =
        two.decodeRows(
            new Command.BulkExecute(1, 128, Hex.buffer("0100 fd00 0007 000161 01 02 03 01")));
    BulkValue none = new BulkValue.Given(new Parameter.Null());
    assertEquals(
        List.of(
            List.of(
                new BulkValue.Given(new Parameter.Whole(7, false)),
                new BulkValue.Given(new Parameter.Text(Bytes.utf8("a")))),
            List.of(none, new BulkValue.Default()),
            List.of(new BulkValue.Ignore(), none)),
        rows);
    assertEquals(
        List.of(List.of(none, none)),
        two.decodeRows(new Command.BulkExecute(1, 0, Hex.buffer("0101"))));
  }

  @Test
  void rows_that_do_not_fit_are_malformed() {
    ParameterDecoder fresh = new ParameterDecoder(1, 100);
    for (String bytes : List.of("", "0100 04", "0100 00", "0100 00 01 00")) {
      assertThrows(
          ProtocolException.class,
          () ->
              fresh.decodeRows(
                  new Command.BulkExecute(1, bytes.isEmpty() ? 0 : 128, Hex.buffer(bytes))),
          bytes);
    }
  }

  @Test
  void nulls_come_from_the_bitmap_or_the_type() {
    ParameterDecoder ten = new ParameterDecoder(10, 100);
    String types = "0100".repeat(10);
    List<Parameter> values = ten.decode(Hex.buffer("fe 02 01" + types + "05 09"));
    assertEquals(new Parameter.Whole(5, false), values.get(0));
    assertEquals(new Parameter.Null(), values.get(7));
    assertEquals(new Parameter.Whole(9, false), values.get(8));
    assertEquals(new Parameter.Null(), values.get(9));
    assertEquals(new Parameter.Null(), one("0600", ""));
  }

  @Test
  void types_are_remembered_from_the_execution_before() {
    ParameterDecoder decoder = new ParameterDecoder(1, 100);
    assertThrows(ProtocolException.class, () -> decoder.decode(Hex.buffer("00 00 05")));
    decoder.decode(Hex.buffer("00 01 0180 05"));
    assertEquals(List.of(new Parameter.Whole(200, true)), decoder.decode(Hex.buffer("00 00 c8")));
  }

  @Test
  void long_data_stands_in_for_the_value_of_one_execution() {
    ParameterDecoder decoder = new ParameterDecoder(2, 100);
    decoder.longData(new Command.LongData(1, 0, Bytes.utf8("ab")));
    decoder.longData(new Command.LongData(1, 0, Bytes.utf8("c")));
    List<Parameter> values = decoder.decode(Hex.buffer("00 01 fc00 0100 07"));
    assertEquals(
        List.of(new Parameter.Blob(Bytes.utf8("abc")), new Parameter.Whole(7, false)), values);
    assertEquals(
        new Parameter.Blob(Bytes.utf8("x")), decoder.decode(Hex.buffer("00 00 0178 07")).get(0));
  }

  @Test
  void long_data_is_bounded_and_belongs_to_a_parameter() {
    ParameterDecoder decoder = new ParameterDecoder(1, 3);
    decoder.longData(new Command.LongData(1, 0, Bytes.utf8("abc")));
    ProtocolException full =
        assertThrows(
            ProtocolException.class,
            () -> decoder.longData(new Command.LongData(1, 0, Bytes.utf8("d"))));
    assertEquals(1153, full.error().code());
    assertThrows(
        ProtocolException.class, () -> decoder.longData(new Command.LongData(1, 1, Bytes.EMPTY)));
  }

  @Test
  void what_does_not_fit_is_malformed() {
    for (String bad : new String[] {"4200 00", "0c00 05e807021d01", "fd00 05 61", "0300 0102"}) {
      assertThrows(ProtocolException.class, () -> one(bad, ""), bad);
    }
  }
}
