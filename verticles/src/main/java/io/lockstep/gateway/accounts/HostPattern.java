package io.lockstep.gateway.accounts;

import java.util.Locale;
import java.util.Optional;

/**
 * The host part of an account: a name or address with the wildcards {@code %} and {@code _}, or an
 * IPv4 network as {@code address/mask}. Rules: MariaDB Knowledge Base, CREATE USER, Account Names.
 */
public record HostPattern(String text) {
  /** Whether a client on {@code host} is meant. */
  public boolean matches(ClientHost host) {
    if (text.isEmpty()) {
      return true;
    }
    Optional<Long> mask = network();
    if (mask.isPresent()) {
      return ipv4(host.address())
          .map(ip -> (ip & mask.get()) == ipv4(text.substring(0, text.indexOf('/'))).orElse(-1L))
          .orElse(false);
    }
    return like(host.name()) || like(host.address());
  }

  /**
   * The server looks at more specific patterns first: those without a wildcard, then by the place
   * of their first wildcard.
   */
  public int specificity() {
    if (text.isEmpty()) {
      return 0;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
      } else if (c == '%' || c == '_') {
        return Math.min(i + 1, 127);
      }
    }
    return 128;
  }

  private Optional<Long> network() {
    int slash = text.indexOf('/');
    if (slash < 0 || ipv4(text.substring(0, slash)).isEmpty()) {
      return Optional.empty();
    }
    return ipv4(text.substring(slash + 1));
  }

  private static Optional<Long> ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    long address = 0;
    for (String part : parts) {
      if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(Character::isDigit)) {
        return Optional.empty();
      }
      int octet = Integer.parseInt(part);
      if (octet > 255) {
        return Optional.empty();
      }
      address = address << 8 | octet;
    }
    return Optional.of(address);
  }

  private boolean like(String host) {
    return like(text.toLowerCase(Locale.ROOT), 0, host.toLowerCase(Locale.ROOT), 0);
  }

  private static boolean like(String pattern, int p, String host, int h) {
    int at = h;
    for (int i = p; i < pattern.length(); i++, at++) {
      char c = pattern.charAt(i);
      if (c == '%') {
        for (int rest = at; rest <= host.length(); rest++) {
          if (like(pattern, i + 1, host, rest)) {
            return true;
          }
        }
        return false;
      }
      if (c == '\\' && i + 1 < pattern.length()) {
        c = pattern.charAt(++i);
      } else if (c == '_') {
        c = at < host.length() ? host.charAt(at) : c;
      }
      if (at >= host.length() || host.charAt(at) != c) {
        return false;
      }
    }
    return at == host.length();
  }
}
