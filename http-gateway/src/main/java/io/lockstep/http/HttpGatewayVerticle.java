package io.lockstep.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.function.Supplier;

/** Serves the HTTP gateway at one address. Starts when it listens. */
public final class HttpGatewayVerticle extends VerticleBase {
  private static final int IDLE_SECONDS_MAX = 120;
  private static final int HEADER_BYTES_MAX = 16 << 10;

  private final Supplier<HttpGateway> gateway;
  private final String host;
  private final int port;

  /**
   * @param port 0 for any free one
   */
  public HttpGatewayVerticle(Supplier<HttpGateway> gateway, String host, int port) {
    this.gateway = gateway;
    this.host = host;
    this.port = port;
  }

  @Override
  public Future<HttpServer> start() {
    return vertx
        .createHttpServer(options())
        .requestHandler(gateway.get().router())
        .listen(port, host);
  }

  /** HTTP/1.1 alone: an upgrade of clear text to HTTP/2 would garble answers that are under way. */
  static HttpServerOptions options() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout(IDLE_SECONDS_MAX)
        .setMaxHeaderSize(HEADER_BYTES_MAX)
        .setCompressionSupported(true);
  }
}
