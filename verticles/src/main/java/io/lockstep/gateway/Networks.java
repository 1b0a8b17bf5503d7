package io.lockstep.gateway;

import io.lockstep.model.Require;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A set of networks, given as addresses and as address/prefix. */
public final class Networks {
  public static final Networks NONE = new Networks(List.of());

  private final List<IpSubnetFilterRule> rules;

  private Networks(List<IpSubnetFilterRule> rules) {
    this.rules = rules;
  }

  /**
   * Reads each text.
   *
   * @throws IllegalArgumentException naming the one that is no network
   */
  public static Networks of(List<String> texts) {
    return new Networks(texts.stream().map(Networks::rule).toList());
  }

  private static IpSubnetFilterRule rule(String text) {
    int slash = text.indexOf('/');
    byte[] address =
        NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
    Require.that(address != null, text + " is neither an address nor address/prefix");
    int bits = address.length * 8;
    String prefix = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
    Require.that(
        prefix.matches("\\d{1,3}") && Integer.parseInt(prefix) <= bits,
        text + " has a prefix that is not 0 to " + bits);
    return new IpSubnetFilterRule(
        text.substring(0, slash < 0 ? text.length() : slash),
        Integer.parseInt(prefix),
        IpFilterRuleType.ACCEPT);
  }

  /** Whether an address, in numeric form, lies in one of them. */
  boolean contains(String address) {
    InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(address);
    if (parsed == null || rules.isEmpty()) {
      return false;
    }
    InetSocketAddress peer = new InetSocketAddress(parsed, 0);
    return rules.stream().anyMatch(rule -> rule.matches(peer));
  }
}
