package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NetworksTest {
  private static final Networks SOME =
      Networks.of(List.of("10.1.0.0/16", "192.168.7.9", "2001:db8::/32", "::1"));

  @ParameterizedTest
  @CsvSource({
    "10.1.255.3,true",
    "10.2.0.1,false",
    "192.168.7.9,true",
    "192.168.7.8,false",
    "2001:db8:7::1,true",
    "2001:db9::1,false",
    "::1,true",
    "0:0:0:0:0:0:0:1,true",
    "somewhere,false",
  })
  void hold_the_addresses_inside_them(String address, boolean inside) {
    assertEquals(inside, SOME.contains(address));
  }

  @Test
  void hold_nothing_if_there_are_none() {
    assertFalse(Networks.NONE.contains("127.0.0.1"));
  }

  @Test
  void of_every_address_hold_all_of_a_kind() {
    Networks all = Networks.of(List.of("0.0.0.0/0"));
    assertEquals(true, all.contains("203.0.113.5"));
    assertEquals(false, all.contains("::1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", ""})
  void are_refused_when_they_are_none(String text) {
    List<String> texts = List.of(text);
    assertThrows(IllegalArgumentException.class, () -> Networks.of(texts));
  }
}
