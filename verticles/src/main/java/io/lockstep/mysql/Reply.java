package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The collected answer of a database to one command. */
public sealed interface Reply {
  /** One answer for each case, so that a new case breaks the build. */
  <R> R fold(Function<Ok, R> ok, Function<Err, R> err, Function<Results, R> results);

  /** The error that is, or ended, this reply. */
  default Optional<MySqlError> failure() {
    return fold(
        ok -> Optional.empty(),
        err -> Optional.of(err.error()),
        results -> results.parts().get(results.parts().size() - 1).partError());
  }

  /** A single OK packet. */
  record Ok(OkPacket packet) implements Reply, Part {
    public long affected() {
      return packet.affected();
    }

    public long insertId() {
      return packet.insertId();
    }

    public int status() {
      return packet.status();
    }

    public int warnings() {
      return packet.warnings();
    }

    public String info() {
      return packet.info();
    }

    @Override
    public <R> R fold(Function<Ok, R> ok, Function<Err, R> err, Function<Results, R> results) {
      return ok.apply(this);
    }

    @Override
    public <R> R foldPart(Function<Ok, R> ok, Function<Err, R> err, Function<Rows, R> rows) {
      return ok.apply(this);
    }
  }

  /** A single ERR packet. */
  record Err(MySqlError error) implements Reply, Part {
    @Override
    public <R> R fold(Function<Ok, R> ok, Function<Err, R> err, Function<Results, R> results) {
      return err.apply(this);
    }

    @Override
    public <R> R foldPart(Function<Ok, R> ok, Function<Err, R> err, Function<Rows, R> rows) {
      return err.apply(this);
    }
  }

  /**
   * Anything longer than one OK or ERR: result sets, or several results.
   *
   * @param parts one for each result in order, at least one; an {@link Err} only as the last
   */
  record Results(List<Part> parts) implements Reply {
    public Results {
      parts = List.copyOf(parts);
    }

    /** The payloads of all packets of all result sets and OKs, as the server sent them. */
    public List<Bytes> packets() {
      List<Bytes> packets = new ArrayList<>();
      parts.forEach(part -> packets.addAll(part.packets()));
      return packets;
    }

    @Override
    public <R> R fold(Function<Ok, R> ok, Function<Err, R> err, Function<Results, R> results) {
      return results.apply(this);
    }
  }

  /** One result of several. */
  sealed interface Part {
    /** One answer for each case, so that a new case breaks the build. */
    <R> R foldPart(Function<Ok, R> ok, Function<Err, R> err, Function<Rows, R> rows);

    /** The error, if this part is one. */
    default Optional<MySqlError> partError() {
      return foldPart(
          ok -> Optional.empty(), err -> Optional.of(err.error), rows -> Optional.empty());
    }

    /** The payloads, as the server sent them; an OK or ERR is encoded again. */
    default List<Bytes> packets() {
      return foldPart(
          ok -> List.of(payload(ok.packet.encode(new PacketWriter(0), 0))),
          err -> List.of(payload(ErrPacket.encode(new PacketWriter(0), err.error))),
          Rows::packets);
    }

    private static Bytes payload(PacketWriter framed) {
      return Bytes.owning(framed.toBuffer().getBytes(PacketWriter.HEADER_BYTES, framed.length()));
    }
  }

  /**
   * One result set.
   *
   * @param packets the payloads: column count, definitions, EOF, rows, EOF
   * @param columns how many columns, at least one
   * @param status flags of the last EOF
   * @param warnings count of the last EOF
   */
  record Rows(List<Bytes> packets, int columns, int status, int warnings) implements Part {
    public Rows {
      packets = List.copyOf(packets);
    }

    /** How many rows it has. */
    public int count() {
      return Math.max(0, packets.size() - columns - 3);
    }

    @Override
    public <R> R foldPart(Function<Ok, R> ok, Function<Err, R> err, Function<Rows, R> rows) {
      return rows.apply(this);
    }
  }
}
