package io.lockstep.chaos.live;

/** One node as the ready file of {@code demo} describes it. Ports are on 127.0.0.1. */
record NodeProcess(
    String node,
    long pid,
    long databasePid,
    int mysqlPort,
    int httpPort,
    int databasePort,
    String config) {

  String jdbcUrl() {
    return url(mysqlPort);
  }

  String databaseUrl() {
    return url(databasePort);
  }

  private static String url(int port) {
    return "jdbc:mariadb://127.0.0.1:"
        + port
        + "/?user=root&connectTimeout=3000&socketTimeout=45000&allowPublicKeyRetrieval=true";
  }

  NodeProcess withPids(long newPid, long newDatabasePid) {
    return new NodeProcess(node, newPid, newDatabasePid, mysqlPort, httpPort, databasePort, config);
  }
}
