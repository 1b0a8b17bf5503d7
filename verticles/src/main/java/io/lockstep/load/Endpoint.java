package io.lockstep.load;

import io.lockstep.model.Require;

/** Where something listens, as other nodes reach it. */
public record Endpoint(String host, int port) {
  public static final int HOST_LENGTH_MAX = 255;

  public Endpoint {
    Require.that(!host.isEmpty(), "an endpoint has a host");
    Require.that(host.length() <= HOST_LENGTH_MAX, "a host name has at most 255 characters");
    Require.that(port > 0 && port < 65_536, "a port is 1 to 65535, was " + port);
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
