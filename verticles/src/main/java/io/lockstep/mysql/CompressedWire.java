package io.lockstep.mysql;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;

/**
 * The layer of compressed frames below the packets (MariaDB: 0 Packet, Compressed Packet). Each
 * frame: packed length (3), sequence id (1), plain length or 0 if it is not packed (3). Frames have
 * sequence ids of their own, which begin at 0 with each command of the client. While the reader
 * above is paused, nothing more is unpacked.
 */
final class CompressedWire extends ChannelDuplexHandler {
  static final int HEADER = 7;

  /** Shorter ones are not worth the packing; servers draw the line here as well. */
  static final int PACKED_MIN = 50;

  private final Compression compression;
  private final Consumer<ProtocolException> broken;
  private final PacketBoundary boundary = new PacketBoundary();
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private int next;
  private boolean ended;
  private boolean asked;

  CompressedWire(Compression compression, Consumer<ProtocolException> broken) {
    this.compression = compression;
    this.broken = broken;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
    ended = true;
    compression.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf chunk = (ByteBuf) message;
    if (ended) {
      chunk.release();
      return;
    }
    if (held.isReadable()) {
      ByteBuf joined = ctx.alloc().heapBuffer(held.readableBytes() + chunk.readableBytes());
      joined.writeBytes(held).writeBytes(chunk);
      chunk.release();
      held.release();
      held = joined;
    } else {
      held.release();
      held = chunk;
    }
    unpack(ctx);
  }

  /** The reader above wants more: what is held comes first. */
  @Override
  public void read(ChannelHandlerContext ctx) {
    asked = true;
    boolean some = unpack(ctx);
    if (some) {
      ctx.fireChannelReadComplete();
    }
    ctx.read();
  }

  private boolean unpack(ChannelHandlerContext ctx) {
    boolean some = false;
    while (!ended && (asked || ctx.channel().config().isAutoRead())) {
      byte[] plain;
      try {
        plain = frame();
      } catch (ProtocolException e) {
        ended = true;
        broken.accept(e);
        return some;
      }
      if (plain.length == 0) {
        return some;
      }
      asked = false;
      some = true;
      ctx.fireChannelRead(Unpooled.wrappedBuffer(plain));
    }
    return some;
  }

  /** The next whole frame, unpacked; empty if there is none. */
  private byte[] frame() {
    while (held.readableBytes() >= HEADER) {
      int from = held.readerIndex();
      int packed = held.getUnsignedMediumLE(from);
      if (held.readableBytes() < HEADER + packed) {
        return new byte[0];
      }
      sequence(held.getUnsignedByte(from + 3));
      int length = held.getUnsignedMediumLE(from + 4);
      byte[] payload = new byte[packed];
      held.skipBytes(HEADER).readBytes(payload);
      byte[] plain = length == 0 ? payload : compression.unpack(payload, length);
      boundary.advance(plain);
      if (plain.length > 0) {
        return plain;
      }
    }
    return new byte[0];
  }

  /**
   * Ids count on in a packet, behind an answer of ours, and in a file; with a command they begin.
   */
  private void sequence(int id) {
    boolean command = boundary.reached() && id == 0;
    if (!command && id != next) {
      throw ProtocolException.outOfOrder();
    }
    next = (id + 1) & 0xff;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (!(message instanceof ByteBuf plain) || ended) {
      ctx.write(message, promise);
      return;
    }
    ByteBuf out = ctx.alloc().ioBuffer(plain.readableBytes() / 2 + 2 * HEADER);
    try {
      while (plain.isReadable()) {
        byte[] piece = new byte[Math.min(plain.readableBytes(), PacketWriter.FRAME_PAYLOAD_MAX)];
        plain.readBytes(piece);
        append(out, piece);
      }
    } finally {
      ReferenceCountUtil.release(plain);
    }
    ctx.write(out, promise);
  }

  private void append(ByteBuf out, byte[] piece) {
    byte[] packed = piece.length < PACKED_MIN ? piece : compression.pack(piece);
    boolean worth = packed.length < piece.length;
    byte[] sent = worth ? packed : piece;
    out.writeMediumLE(sent.length)
        .writeByte(next)
        .writeMediumLE(worth ? piece.length : 0)
        .writeBytes(sent);
    next = (next + 1) & 0xff;
  }
}
