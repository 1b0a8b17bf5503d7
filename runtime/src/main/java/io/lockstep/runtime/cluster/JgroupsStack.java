package io.lockstep.runtime.cluster;

import java.util.stream.Collectors;

/**
 * The built-in JGroups 5.4 stack: TCP among the configured hosts, no multicast. The samples in
 * {@code conf/} show the same for operators who bring their own.
 */
final class JgroupsStack {
  /**
   * The death of a process is seen by its socket (FD_SOCK2) within a second. Silence counts only
   * after this long: a saturated machine can keep a thread from running for almost 4 s, and a hung
   * node is found by the ordered log much sooner.
   */
  private static final int SILENCE_MS = 5_000;

  /** FD_SOCK2 listens at the membership's port plus this, on every node. */
  private static final int FD_OFFSET = 10_000;

  private JgroupsStack() {}

  static String xml(ClusterOptions options) {
    Member own = options.own();
    String hosts =
        options.members().stream()
            .map(member -> member.host() + "[" + member.clusterPort() + "]")
            .collect(Collectors.joining(","));
    return """
        <config xmlns="urn:org:jgroups">
          <TCP bind_addr="%s" bind_port="%d" port_range="0" diag.enabled="false"
               sock_conn_timeout="500" linger="-1"
               thread_pool.min_threads="0" thread_pool.max_threads="64"
               thread_pool.keep_alive_time="60000"/>
          <RED/>
          <TCPPING initial_hosts="%s" port_range="0" async_discovery="true"
               stagger_timeout="0" num_discovery_runs="3"/>
          <MERGE3 min_interval="1000" max_interval="2000"/>
          <FD_SOCK2 offset="%d" port_range="2"/>
          <FD_ALL3 timeout="%d" interval="1000"/>
          <VERIFY_SUSPECT2 timeout="100"/>
          <pbcast.NAKACK2 use_mcast_xmit="false" xmit_interval="200" xmit_table_num_rows="50"
               xmit_table_msgs_per_row="1024" xmit_table_max_compaction_time="30000"/>
          <UNICAST3 xmit_interval="200" conn_close_timeout="5000"/>
          <pbcast.STABLE desired_avg_gossip="5000" max_bytes="1M"/>
          <pbcast.GMS print_local_addr="false" join_timeout="1000"/>
          <UFC max_credits="64m" min_threshold="0.4"/>
          <MFC max_credits="64m" min_threshold="0.4"/>
          <FRAG4 frag_size="60000"/>
        </config>
        """
        .formatted(own.host(), own.clusterPort(), hosts, FD_OFFSET, SILENCE_MS);
  }
}
