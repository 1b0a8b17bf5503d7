package io.lockstep.mysql;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * What a connection puts between its socket and its packets in mid-conversation: TLS, compression.
 * Used on the socket's event loop. A connection without them has nothing in their place.
 */
public final class WireLayers {
  private WireLayers() {}

  /**
   * The peer begins its TLS handshake now; broken ones end the connection.
   *
   * @param early what of that handshake has arrived already
   */
  public static void acceptTls(NetSocket socket, ServerTls tls, Buffer early) {
    ChannelHandlerContext end = end(socket);
    end.pipeline().addFirst(tls.context().newHandler(end.alloc(), ForkJoinPool.commonPool()));
    if (early.length() > 0) {
      end.pipeline().fireChannelRead(Unpooled.wrappedBuffer(early.getBytes()));
      end.pipeline().fireChannelReadComplete();
    }
  }

  /** What TLS on this connection has agreed on; empty without it. */
  public static Optional<TlsSession> tls(NetSocket socket) {
    return Optional.ofNullable(end(socket).pipeline().get(SslHandler.class))
        .map(handler -> handler.engine().getSession())
        .map(agreed -> new TlsSession(agreed.getProtocol(), agreed.getCipherSuite()));
  }

  /**
   * Begins a TLS handshake with a server whose certificate nobody vouches for: what is said cannot
   * be overheard, but who hears it is not proved.
   */
  static Future<Void> beginTls(NetSocket socket) {
    ChannelHandlerContext end = end(socket);
    SslHandler handler =
        trusting()
            .newHandler(
                end.alloc(),
                socket.remoteAddress().host(),
                socket.remoteAddress().port(),
                ForkJoinPool.commonPool());
    Promise<Void> done = Promise.promise();
    handler
        .handshakeFuture()
        .addListener(
            result -> {
              if (result.isSuccess()) {
                done.tryComplete();
              } else {
                done.tryFail(result.cause());
              }
            });
    end.pipeline().addFirst(handler);
    return done.future();
  }

  /**
   * From now on both directions are compressed. Must not be called before all that was written
   * without compression has gone out.
   *
   * @param broken told once what the peer did wrong; nothing is read after that
   */
  public static void compress(
      NetSocket socket, Compression compression, Consumer<ProtocolException> broken) {
    ChannelHandlerContext end = end(socket);
    end.pipeline().addBefore(end.name(), "compression", new CompressedWire(compression, broken));
  }

  private static SslContext trusting() {
    try {
      return SslContextBuilder.forClient()
          .sslProvider(SslProvider.JDK)
          .endpointIdentificationAlgorithm("")
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  private static ChannelHandlerContext end(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext();
  }
}
