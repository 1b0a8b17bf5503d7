package io.lockstep.gateway.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HostPatternTest {
  @ParameterizedTest
  @CsvSource({
    "%, 10.1.2.3, true",
    "10.1.%, 10.1.2.3, true",
    "10.1.%, 10.2.2.3, false",
    "10.1.2._, 10.1.2.3, true",
    "10.1.2._, 10.1.2.33, false",
    "10.1.2.0/255.255.255.0, 10.1.2.77, true",
    "10.1.2.0/255.255.255.0, 10.1.3.77, false",
    "10.1.2.3, 10.1.2.3, true",
    "localhost, 127.0.0.1, true",
    "LOCALHOST, ::1, true",
    "127.0.0.1, 127.0.0.1, true",
    "localhost, 10.1.2.3, false",
    "a\\_b, 10.1.2.3, false"
  })
  void a_host_is_matched_as_the_server_does(String pattern, String address, boolean matches) {
    assertEquals(matches, new HostPattern(pattern).matches(ClientHost.of(address)));
  }

  @Test
  void an_empty_pattern_means_every_host() {
    assertTrue(new HostPattern("").matches(ClientHost.of("10.1.2.3")));
  }

  @Test
  void a_literal_host_goes_before_a_pattern_and_a_longer_prefix_before_a_shorter() {
    assertTrue(specificity("10.1.2.3") > specificity("10.1.2.%"));
    assertTrue(specificity("10.1.2.%") > specificity("10.1.%"));
    assertTrue(specificity("10.1.%") > specificity("%"));
    assertTrue(specificity("%") > specificity(""));
  }

  @Test
  void an_escaped_wildcard_is_a_character() {
    ClientHost host = new ClientHost("a_b", "10.1.2.3");
    assertTrue(new HostPattern("a\\_b").matches(host));
    assertFalse(new HostPattern("a\\_b").matches(new ClientHost("axb", "10.1.2.3")));
  }

  private static int specificity(String pattern) {
    return new HostPattern(pattern).specificity();
  }
}
