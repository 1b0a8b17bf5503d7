package io.lockstep.gateway.accounts;

/**
 * Where a client connects from.
 *
 * @param name the host's name, or its address where it has no known name
 * @param address the IP address in text form
 */
public record ClientHost(String name, String address) {
  /**
   * The host behind an address. As the server does, 127.0.0.1 and ::1 are {@code localhost}; other
   * addresses are not looked up (as with {@code skip_name_resolve}).
   */
  public static ClientHost of(String address) {
    return new ClientHost(isLoopback(address) ? "localhost" : address, address);
  }

  private static boolean isLoopback(String address) {
    return address.equals("127.0.0.1")
        || address.equals("::1")
        || address.equals("0:0:0:0:0:0:0:1");
  }

  @Override
  public String toString() {
    return name;
  }
}
