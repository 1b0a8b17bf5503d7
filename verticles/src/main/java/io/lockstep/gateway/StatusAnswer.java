package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.lockstep.mysql.TlsSession;
import io.lockstep.sql.Statement;
import io.lockstep.sql.Tokens;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * SHOW STATUS, which is the database's but for what it says of the connection's TLS: that is the
 * client's, not the gateway's own.
 */
final class StatusAnswer {
  private static final int NAME_AND_VALUE = 2;
  private static final int SHORT_TEXT_MAX = 250;

  private final Session session;
  private final Answer answer;

  StatusAnswer(Session session, Answer answer) {
    this.session = session;
    this.answer = answer;
  }

  static boolean asksFor(Statement statement) {
    Tokens tokens = statement.tokens();
    int status = tokens.isAny(1, "SESSION", "LOCAL", "GLOBAL") ? 2 : 1;
    return tokens.is(0, "SHOW") && tokens.is(status, "STATUS");
  }

  Future<Void> run(Bytes sql) {
    session.state().read();
    return session
        .backend()
        .query(sql)
        .map(
            reply -> {
              session.state().status(Relay.status(reply, session.state().status()));
              reply
                  .<Runnable>fold(
                      ok -> () -> answer.reply(ok),
                      err -> () -> answer.reply(err),
                      results -> () -> answer.packets(packets(results)))
                  .run();
              return null;
            });
  }

  private List<Bytes> packets(Reply.Results results) {
    return results.parts().get(0).foldPart(Reply.Part::packets, Reply.Part::packets, this::own);
  }

  /** The packets, with what they say of TLS and of clients put right. */
  List<Bytes> own(Reply.Rows rows) {
    List<Bytes> packets = new ArrayList<>(rows.packets());
    List<List<Optional<Bytes>>> values = TextRows.of(rows).rows();
    for (int i = 0; i < values.size(); i++) {
      List<Optional<Bytes>> row = values.get(i);
      if (row.size() == NAME_AND_VALUE) {
        int at = rows.columns() + 2 + i;
        row.get(0).flatMap(this::row).ifPresent(mine -> packets.set(at, mine));
      }
    }
    return packets;
  }

  private Optional<Bytes> row(Bytes name) {
    return switch (name.latin1()) {
      case "Ssl_cipher" -> Optional.of(row(name, session.state().tls().map(TlsSession::cipher)));
      case "Ssl_version" -> Optional.of(row(name, session.state().tls().map(TlsSession::version)));
      case "Threads_connected" -> Optional.of(row(name, Optional.of(clients())));
      default -> Optional.empty();
    };
  }

  /** Whoever watches a server means its clients, not the connections that Lockstep needs. */
  private String clients() {
    return Integer.toString(session.parts().ports().connections().sessions());
  }

  private static Bytes row(Bytes name, Optional<String> value) {
    Buffer row = Buffer.buffer();
    for (Bytes text : List.of(name, Bytes.ofLatin1(value.orElse("")))) {
      int length = Math.min(text.length(), SHORT_TEXT_MAX);
      row.appendByte((byte) length).appendBytes(text.view(), 0, length);
    }
    return Bytes.owning(row.getBytes());
  }
}
