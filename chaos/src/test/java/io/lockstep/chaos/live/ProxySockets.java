package io.lockstep.chaos.live;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/** Sockets for a driver as if a proxy on an address of its own had opened them. */
public abstract class ProxySockets extends SocketFactory {
  private static final String HEADER = "PROXY TCP4 10.9.8.7 127.0.0.1 4711 3306\r\n";

  private final String from;

  ProxySockets(String from) {
    this.from = from;
  }

  /** A proxy that the node was told of. */
  public static final class Known extends ProxySockets {
    public Known() {
      super("127.0.0.2");
    }
  }

  /** A proxy that the node was not told of. */
  public static final class Unknown extends ProxySockets {
    public Unknown() {
      super("127.0.0.1");
    }
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress endpoint, int timeout) throws IOException {
        bind(new InetSocketAddress(from, 0));
        super.connect(endpoint, timeout);
        getOutputStream().write(HEADER.getBytes(StandardCharsets.US_ASCII));
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  private Socket connected(InetSocketAddress to) throws IOException {
    Socket socket = createSocket();
    socket.connect(to, 0);
    return socket;
  }
}
