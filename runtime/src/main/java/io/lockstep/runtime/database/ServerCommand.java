package io.lockstep.runtime.database;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command lines of an owned database. What Lockstep requires comes last, so that it wins over
 * an operator's option file.
 */
final class ServerCommand {
  private final ServerBinaries binaries;
  private final OwnedSettings settings;
  private final boolean asRoot;

  ServerCommand(ServerBinaries binaries, OwnedSettings settings, boolean asRoot) {
    this.binaries = binaries;
    this.settings = settings;
    this.asRoot = asRoot;
  }

  /**
   * Installs into {@code target}.
   *
   * @param accounts SQL that runs at the end of the installation
   */
  List<String> install(Path target, Path accounts) {
    var command = new ArrayList<String>();
    command.add(binaries.installDb().toString());
    command.add(defaults());
    // The script looks the machine's own name up, which need not resolve.
    command.add("--force");
    command.add("--auth-root-authentication-method=normal");
    command.add("--skip-test-db");
    command.add("--basedir=" + binaries.baseDir());
    command.add("--datadir=" + target);
    command.add("--tmpdir=" + settings.temporaryDir());
    command.add("--extra-file=" + accounts);
    addUser(command);
    return command;
  }

  List<String> start() {
    var command = new ArrayList<String>();
    command.add(binaries.mariadbd().toString());
    command.add(defaults());
    command.add("--datadir=" + settings.dataDir());
    command.add("--basedir=" + binaries.baseDir());
    command.add("--tmpdir=" + settings.temporaryDir());
    command.add("--socket=" + settings.socket());
    command.add("--pid-file=" + settings.pidFile());
    command.add("--bind-address=" + settings.host());
    command.add("--port=" + settings.port());
    command.add("--skip-networking=0");
    addUser(command);
    addSizes(command, settings.defaultsFile().map(OptionFile::read).orElse(OptionFile.none()));
    addRequired(command);
    return command;
  }

  /** Sensible where the operator says nothing; left alone where an option file speaks. */
  private void addSizes(List<String> command, OptionFile file) {
    if (!file.speaksOf("character_set_server", "collation_server")) {
      command.add("--character-set-server=utf8mb4");
    }
    if (!file.speaksOf("innodb_buffer_pool_size")) {
      command.add("--innodb-buffer-pool-size=" + settings.bufferPoolMb() + "M");
    }
    if (!file.speaksOf("innodb_log_file_size")) {
      command.add("--innodb-log-file-size=96M");
    }
    if (!file.speaksOf("max_connections")) {
      command.add("--max-connections=" + settings.connectionsMax());
    }
    if (!file.speaksOf("max_allowed_packet")) {
      command.add("--max-allowed-packet=128M");
    }
    if (!file.speaksOf("local_infile")) {
      command.add("--local-infile=ON");
    }
    if (!file.speaksOf("ssl", "skip_ssl", "ssl_ca", "ssl_cert", "ssl_key")) {
      addTls(command);
    }
  }

  /** Never left to the server itself: making a key pair at every start costs seconds of CPU. */
  private void addTls(List<String> command) {
    settings
        .tls()
        .ifPresentOrElse(
            files -> {
              command.add("--ssl-cert=" + files.certificate().toAbsolutePath());
              command.add("--ssl-key=" + files.key().toAbsolutePath());
            },
            () -> command.add("--loose-skip-ssl"));
  }

  private void addRequired(List<String> command) {
    command.add("--default-storage-engine=InnoDB");
    command.add("--enforce-storage-engine=InnoDB");
    command.add("--sysdate-is-now");
    // Events would run once per node instead of once per cluster.
    command.add("--event-scheduler=OFF");
    // The ordered log is the durable one. Set at the start, because a server that is told later
    // keeps writing its log past the page cache, which costs eight times as much.
    command.add("--innodb-flush-log-at-trx-commit=2");
    command.add("--loose-innodb-log-file-buffering=ON");
    command.add("--sync-binlog=0");
    if (settings.binaryLog()) {
      command.add("--log-bin=binlog");
      command.add("--binlog-format=ROW");
      // A captured row is compared with the one that is there: it must be known as a whole.
      command.add("--binlog-row-image=FULL");
      command.add("--log-bin-compress=OFF");
      command.add("--expire-logs-days=1");
      // Only captured rows are in it, and each file is deleted once it is read.
      command.add("--max-binlog-size=64M");
      command.add("--loose-max-binlog-total-size=1G");
      // Without it a binary log forbids CREATE FUNCTION to accounts that may otherwise do it.
      command.add("--log-bin-trust-function-creators=1");
      command.add("--server-id=1");
    }
    command.add("--proxy-protocol-networks=" + String.join(",", settings.gatewayNetworks()));
  }

  private String defaults() {
    return settings
        .defaultsFile()
        .map(file -> "--defaults-file=" + file.toAbsolutePath())
        .orElse("--no-defaults");
  }

  private void addUser(List<String> command) {
    // Started by root, the server insists on being told so.
    if (asRoot) {
      command.add("--user=root");
    }
  }
}
