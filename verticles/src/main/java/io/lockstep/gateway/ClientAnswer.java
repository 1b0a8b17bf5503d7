package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.mysql.AgreedDefinitions;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.EofPacket;
import io.lockstep.mysql.ErrPacket;
import io.lockstep.mysql.LaterFrames;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.ReplySummary;
import io.lockstep.mysql.ServerStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers one command of a client, which may be several statements: each but the last is marked
 * with MORE_RESULTS.
 */
final class ClientAnswer implements Answer {
  private static final int OK = 0x00;
  private static final int EOF = 0xfe;
  private static final int EOF_LENGTH_MAX = 9;

  private static final byte FILE = (byte) 0xfb;

  private static final MySqlError NO_FILES =
      new MySqlError(
          4166,
          "HY000",
          "The used command is not allowed because the MariaDB server or client has disabled the"
              + " local infile capability");

  private final Client client;
  private final long capabilities;
  private final int first;
  private final Supplier<Charset> messages;
  private Optional<LaterFrames> later = Optional.empty();
  private int sequence;
  private boolean more;
  private boolean failed;
  private boolean begun;

  /**
   * @param first the sequence id of its first packet
   * @param messages what the client reads the texts of errors in
   */
  ClientAnswer(Client client, long capabilities, int first, Supplier<Charset> messages) {
    this.client = client;
    this.messages = messages;
    this.capabilities = capabilities;
    this.first = first;
    this.sequence = first;
  }

  /** The next statement of the command begins; {@code follows} if it is not the last. */
  void next(boolean follows) {
    more = follows;
    begun = false;
  }

  /** Whether an error ended it: the statements after it are not run. */
  boolean failed() {
    return failed;
  }

  @Override
  public void ok(OkPacket ok) {
    send(ok.withStatus(flags(ok.status())).encode(new PacketWriter(sequence), capabilities));
  }

  @Override
  public void error(MySqlError error) {
    failed = true;
    send(ErrPacket.encode(new PacketWriter(sequence), error, messages.get()));
  }

  @Override
  public void packets(List<Bytes> collected) {
    List<Bytes> payloads =
        AgreedDefinitions.of(
            collected, Capabilities.has(capabilities, Capabilities.EXTENDED_METADATA));
    PacketWriter out = new PacketWriter(sequence);
    for (int i = 0; i < payloads.size(); i++) {
      Bytes payload = payloads.get(i);
      boolean last = i == payloads.size() - 1;
      // Clients look at the flags behind the column definitions, too.
      out.packet(last || (more && isEof(payload)) ? marked(payload) : payload);
    }
    send(out);
  }

  private static boolean isEof(Bytes payload) {
    return (payload.at(0) & 0xff) == EOF && payload.length() < EOF_LENGTH_MAX;
  }

  /** The answer to a preparation: none of its packets is an end that could be marked. */
  void prepared(List<Bytes> payloads) {
    PacketWriter out = new PacketWriter(sequence);
    payloads.forEach(out::packet);
    send(out);
  }

  /** The last packet of a result, told to be followed by another if it is. */
  private Bytes marked(Bytes payload) {
    int marker = payload.at(0) & 0xff;
    if (marker == 0xff) {
      failed = true;
    }
    Buffer buffer = Buffer.buffer(payload.view());
    if (more && isEof(payload)) {
      EofPacket eof = EofPacket.decode(buffer);
      return payload(
          new EofPacket(eof.warnings(), flags(eof.status())).encode(new PacketWriter(0)));
    }
    if (more && marker == OK) {
      OkPacket ok = OkPacket.decode(buffer, capabilities);
      return payload(ok.withStatus(flags(ok.status())).encode(new PacketWriter(0), capabilities));
    }
    return payload;
  }

  private static Bytes payload(PacketWriter framed) {
    Buffer all = framed.toBuffer();
    return Bytes.owning(all.getBytes(4, all.length()));
  }

  @Override
  public Optional<RelaySink> stream() {
    RelaySink noting = new Noting(client.sink());
    later =
        more || sequence != first
            ? Optional.of(new LaterFrames(noting, sequence, more))
            : Optional.empty();
    return Optional.of(later.<RelaySink>map(one -> one).orElse(noting));
  }

  @Override
  public Future<Void> streamed(ReplySummary summary) {
    failed = summary.error().isPresent();
    if (later.isPresent()) {
      end(summary.ending(), later.get());
    } else {
      summary.ending().withheld().ifPresent(client::send);
    }
    begun = true;
    return Future.succeededFuture();
  }

  private void end(ReplySummary.Ending ending, LaterFrames frames) {
    if (ending.ok().isEmpty()) {
      ending.withheld().ifPresent(frames::frames);
    }
    sequence = frames.nextSequence();
    ending.ok().ifPresent(this::ok);
  }

  @Override
  public Future<LocalFile> file(Bytes name) {
    if (!Capabilities.has(capabilities, Capabilities.LOCAL_FILES)) {
      return Future.failedFuture(new ClientErrorException(NO_FILES));
    }
    PacketWriter out = new PacketWriter(sequence);
    out.packet(Bytes.owning(Buffer.buffer().appendByte(FILE).appendBytes(name.view()).getBytes()));
    client.send(out.toBuffer());
    return client.file(out.nextSequence()).onSuccess(taken -> sequence = taken.nextSequence());
  }

  @Override
  public boolean begun() {
    return begun;
  }

  /** Ends with an EOF alone. */
  void eof(int status) {
    send(new EofPacket(0, status).encode(new PacketWriter(sequence)));
  }

  private int flags(int status) {
    return more ? status | ServerStatus.MORE_RESULTS : status & ~ServerStatus.MORE_RESULTS;
  }

  private void send(PacketWriter out) {
    sequence = out.nextSequence();
    begun = true;
    client.send(out.toBuffer());
  }

  private final class Noting implements RelaySink {
    private final RelaySink inner;

    Noting(RelaySink inner) {
      this.inner = inner;
    }

    @Override
    public void frames(Buffer frames) {
      begun = true;
      inner.frames(frames);
    }

    @Override
    public boolean full() {
      return inner.full();
    }

    @Override
    public void whenDrained(Runnable resume) {
      inner.whenDrained(resume);
    }
  }
}
