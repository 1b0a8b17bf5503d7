package io.lockstep.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class A_message {
  static Stream<Sample<?>> samples() {
    return Samples.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void comes_back_as_it_was_sent(Sample<T> sample) {
    assertEquals(sample.message(), sample.codec().decode(sample.codec().bytes(sample.message())));
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void has_the_bytes_that_every_version_understands(Sample<T> sample) {
    assertEquals(sample.golden(), sample.encoded());
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void is_refused_when_it_is_cut_anywhere(Sample<T> sample) {
    Buffer whole = sample.codec().encode(sample.message());
    for (int length = 0; length < whole.length(); length++) {
      Buffer cut = whole.slice(0, length);
      assertThrows(MalformedBodyException.class, () -> sample.codec().decode(cut));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void is_refused_when_something_follows_it(Sample<T> sample) {
    Buffer longer = sample.codec().encode(sample.message()).appendByte((byte) 0);
    assertThrows(MalformedBodyException.class, () -> sample.codec().decode(longer));
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void of_another_version_is_refused(Sample<T> sample) {
    Buffer other = sample.codec().encode(sample.message()).setByte(0, (byte) 2);
    assertThrows(MalformedBodyException.class, () -> sample.codec().decode(other));
  }

  @ParameterizedTest
  @MethodSource("samples")
  <T> void with_any_one_byte_changed_is_a_message_or_refused(Sample<T> sample) {
    Buffer whole = sample.codec().encode(sample.message());
    for (int at = 0; at < whole.length(); at++) {
      for (int value = 0; value < 256; value++) {
        Buffer changed = whole.copy().setByte(at, (byte) value);
        try {
          sample.codec().decode(changed);
        } catch (MalformedBodyException refused) {
          assertEquals(MalformedBodyException.class, refused.getClass());
        }
      }
    }
  }

  @Test
  void that_claims_more_writes_than_an_entry_holds_is_refused() {
    Bytes body = Bytes.owning(new byte[] {1, 3, 1, (byte) 0x81, 8});
    assertThrows(MalformedBodyException.class, () -> new LogEntryCodec().decode(body));
  }

  @Test
  void with_an_endless_number_is_refused() {
    byte[] body = new byte[16];
    java.util.Arrays.fill(body, (byte) 0xff);
    body[0] = 1;
    assertThrows(
        MalformedBodyException.class, () -> new SequencerRecordCodec().decode(Bytes.owning(body)));
  }
}
