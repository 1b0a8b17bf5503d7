#!/usr/bin/env bash
# Measures Lockstep beside a three-node Galera cluster and one plain server, in one run on this machine:
#   chaos/bench.sh OUT.tsv
# Every cell is run on each target in turn, so that noise falls on all alike. Prints a table of medians.
# Needs Debian's mariadb-server galera-4 rsync sysbench python3-pymysql socat lsof procps mariadb-client, and the
# packaged jar (mvn -q -DskipTests package). Lockstep runs on the same mariadbd as Galera, with the same settings.
# env: WORKLOADS THREADS TIME WARM REPS (see bench/compare.sh); KEEP=1 leaves the servers running; WARMUP seconds of
# inserts on Lockstep before the first cell, since its code is compiled while it runs (60; 0 measures it cold)
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?usage: chaos/bench.sh OUT.tsv}
bench=chaos/bench
. $bench/lib.sh
root=$BENCH_ROOT; export BENCH_ROOT
export WORKLOADS=${WORKLOADS:-"oltp_insert oltp_update_index oltp_update_non_index oltp_point_select:auto oltp_point_select:disable"}
export THREADS=${THREADS:-"1 8 32"} TIME=${TIME:-6} WARM=${WARM:-2} REPS=${REPS:-3}
port=${LOCKSTEP_PORT:-21181}; http=${LOCKSTEP_HTTP_PORT:-21481}
demo=
finish() {
  [ "${KEEP:-0}" = 1 ] && return
  if [ -n "$demo" ]; then kill -TERM "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; fi
  $bench/galera.sh down; $bench/single.sh down
}
trap finish EXIT
$bench/galera.sh up 2
$bench/single.sh up 1
rm -rf "$root/lockstep"; mkdir -p "$root/lockstep"
cat >"$root/lockstep/extra.cnf" <<'CNF'
[mysqld]
innodb_buffer_pool_size=512M
innodb_log_file_size=256M
table_open_cache=2000
CNF
java -jar runtime/target/lockstep.jar demo --data "$root/lockstep/data" --mysql-port "$port" --http-port "$http" \
  --mariadbd "${MARIADBD:-/usr/sbin/mariadbd}" --mariadbd-defaults "$root/lockstep/extra.cnf" \
  --ready-file "$root/lockstep/ready.json" >"$root/lockstep/demo.log" 2>&1 &
demo=$!
wait_ready "$demo" "$root/lockstep"
i=0
for pid in $(python3 -c 'import json,sys
for n in json.load(open(sys.argv[1]))["nodes"]: print(n["pid"], n["databasePid"])' "$root/lockstep/ready.json"); do
  i=$((i + 1)); mkdir -p "$root/lockstep-p$i"; echo "$pid" >"$root/lockstep-p$i/launch.pid"
done
mariadb --no-defaults -h127.0.0.1 -P"$port" -uroot -e "
  CREATE USER IF NOT EXISTS 'bench'@'%' IDENTIFIED BY 'bench';
  GRANT ALL PRIVILEGES ON *.* TO 'bench'@'%' WITH GRANT OPTION;
  CREATE DATABASE IF NOT EXISTS sbtest"
if [ "${WARMUP:-60}" -gt 0 ]; then
  mariadb --no-defaults -h127.0.0.1 -P"$port" -ubench -pbench -e "CREATE DATABASE IF NOT EXISTS warmup"
  sysbench oltp_insert --mysql-host=127.0.0.1 --mysql-port="$port" --mysql-user=bench --mysql-password=bench \
    --mysql-db=warmup --tables=1 --table-size=1000 prepare >/dev/null
  warming=()
  for i in 0 1 2; do
    sysbench oltp_insert --mysql-host=127.0.0.1 --mysql-port=$((port + i)) --mysql-user=bench --mysql-password=bench \
      --mysql-db=warmup --tables=1 --table-size=1000 --threads=11 --time="${WARMUP:-60}" run >/dev/null &
    warming+=($!)
  done
  wait "${warming[@]}"
fi
$bench/compare.sh single-f1=127.0.0.1:21141 \
  galera-3node=127.0.0.1:21101,127.0.0.1:21102,127.0.0.1:21103 \
  lockstep-3node=127.0.0.1:$port,127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2)) >"$out"
$bench/median.py "$out"
echo "where the time of one insert goes, in ms per write:"
$bench/where.py 127.0.0.1:$http,127.0.0.1:$((http + 1)),127.0.0.1:$((http + 2)) "127.0.0.1:$port" "$TIME"
