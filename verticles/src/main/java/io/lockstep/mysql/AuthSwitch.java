package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;

/**
 * A server's wish to authenticate by another plugin (MariaDB: Connection, Authentication Switch
 * Request). The client's next packet is the plugin's bare answer.
 */
public record AuthSwitch(String plugin, Bytes salt) {
  static final int MARKER = 0xfe;

  public static AuthSwitch decode(Buffer payload) {
    PayloadReader in = new PayloadReader(payload);
    if (in.u8() != MARKER) {
      throw ProtocolException.badHandshake("not an authentication switch");
    }
    if (!in.hasMore()) {
      throw ProtocolException.badHandshake("the server wants a password from before 4.1");
    }
    String plugin = in.nulTerminatedOrRest().utf8();
    Bytes rest = in.rest();
    boolean ended = rest.length() > 0 && rest.at(rest.length() - 1) == 0;
    Bytes salt = ended ? Bytes.ofLatin1(rest.latin1().substring(0, rest.length() - 1)) : rest;
    return new AuthSwitch(plugin, salt);
  }

  public PacketWriter encode(PacketWriter out) {
    return out.begin().u8(MARKER).nulTerminated(Bytes.utf8(plugin)).nulTerminated(salt).end();
  }
}
