package io.lockstep.mysql;

import io.netty.util.NetUtil;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a proxy says before its client's first packet (HAProxy: The PROXY protocol, versions 1 and
 * 2). No packet can be taken for it: as a packet its fourth byte would be a wrong sequence id.
 */
public sealed interface ProxyPreamble {
  /** The connection begins with a packet. */
  record None() implements ProxyPreamble {}

  /** What has come may become a header, but is not one yet. */
  record Partial() implements ProxyPreamble {}

  /**
   * A header.
   *
   * @param bytes how long it is; the first packet follows
   * @param source the client, unless the proxy speaks for itself or of something without address
   */
  record Header(int bytes, Optional<Source> source) implements ProxyPreamble {}

  /** The client's own end, its address in numeric form. */
  record Source(String address, int port) {}

  /**
   * Looks at the first bytes of a connection.
   *
   * @throws ProtocolException 1043 for a header that holds nonsense
   */
  static ProxyPreamble look(Buffer first) {
    if (begins(first, Text.START)) {
      return first.length() < Text.START.length() ? new Partial() : Text.read(first);
    }
    if (begins(first, Binary.START)) {
      return first.length() < Binary.FIXED ? new Partial() : Binary.read(first);
    }
    return new None();
  }

  private static boolean begins(Buffer bytes, Buffer start) {
    int length = Math.min(bytes.length(), start.length());
    return bytes.slice(0, length).equals(start.slice(0, length));
  }

  private static ProtocolException nonsense() {
    return ProtocolException.badHandshake("a PROXY header that cannot be understood");
  }

  /** Version 1: one line of text. */
  final class Text {
    private static final Buffer START = Buffer.buffer("PROXY ");
    private static final int LINE_MAX = 107;

    private Text() {}

    private static ProxyPreamble read(Buffer first) {
      int length = Math.min(first.length(), LINE_MAX);
      String line = first.getString(0, length, StandardCharsets.ISO_8859_1.name());
      int end = line.indexOf("\r\n");
      if (end < 0) {
        if (first.length() >= LINE_MAX) {
          throw nonsense();
        }
        return new Partial();
      }
      String[] fields = line.substring(0, end).split(" ", -1);
      if (fields[1].equals("UNKNOWN")) {
        return new Header(end + 2, Optional.empty());
      }
      boolean known = fields[1].equals("TCP4") || fields[1].equals("TCP6");
      if (!known || fields.length != 6) {
        throw nonsense();
      }
      return new Header(end + 2, Optional.of(new Source(address(fields[2]), port(fields[4]))));
    }

    private static String address(String text) {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
      if (bytes == null) {
        throw nonsense();
      }
      return canonical(bytes);
    }

    private static int port(String text) {
      if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 0xffff) {
        throw nonsense();
      }
      return Integer.parseInt(text);
    }
  }

  /** Version 2: a signature, a command, addresses, and further values that are skipped. */
  final class Binary {
    private static final Buffer START =
        Buffer.buffer("\r\n\r\n\0\r\nQUIT\n", StandardCharsets.ISO_8859_1.name());
    private static final int FIXED = 16;
    private static final int REST_MAX = 4_096;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private Binary() {}

    private static ProxyPreamble read(Buffer first) {
      int command = first.getUnsignedByte(12);
      int rest = first.getUnsignedShort(14);
      if ((command != LOCAL && command != PROXY) || rest > REST_MAX) {
        throw nonsense();
      }
      if (first.length() < FIXED + rest) {
        return new Partial();
      }
      int bytes = FIXED + rest;
      int family = command == LOCAL ? 0 : first.getUnsignedByte(13);
      return switch (family) {
        case TCP4 -> new Header(bytes, Optional.of(source(first, rest, 4)));
        case TCP6 -> new Header(bytes, Optional.of(source(first, rest, 16)));
        default -> new Header(bytes, Optional.empty());
      };
    }

    /** Source and target address, then source and target port. */
    private static Source source(Buffer first, int rest, int length) {
      if (rest < 2 * length + 4) {
        throw nonsense();
      }
      return new Source(
          canonical(first.getBytes(FIXED, FIXED + length)),
          first.getUnsignedShort(FIXED + 2 * length));
    }
  }

  private static String canonical(byte[] address) {
    try {
      return NetUtil.toAddressString(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw nonsense();
    }
  }
}
