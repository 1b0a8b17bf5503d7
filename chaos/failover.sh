#!/usr/bin/env bash
# Measures how long clients wait when a node is killed or hangs, beside a three-node Galera cluster in one run:
#   chaos/failover.sh OUT.tsv [ROUNDS]
# Prints medians of ROUNDS (3), each about four minutes. Needs what chaos/bench.sh needs, and the packaged jar.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?usage: chaos/failover.sh OUT.tsv [ROUNDS]}
. chaos/bench/lib.sh
root=$BENCH_ROOT; export BENCH_ROOT
port=${LOCKSTEP_PORT:-21181}; http=${LOCKSTEP_HTTP_PORT:-21481}
demo=
finish() {
  if [ -n "$demo" ]; then kill -TERM "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; fi
  chaos/bench/galera.sh down
}
trap finish EXIT
chaos/bench/galera.sh up 2
rm -rf "$root/lockstep"; mkdir -p "$root/lockstep"
java -jar runtime/target/lockstep.jar demo --data "$root/lockstep/data" --mysql-port "$port" --http-port "$http" \
  --mariadbd "$MARIADBD" --ready-file "$root/lockstep/ready.json" >"$root/lockstep/demo.log" 2>&1 &
demo=$!
wait_ready "$demo" "$root/lockstep"
chaos/bench/failover.py chaos/bench/galera.sh "$root/lockstep/ready.json" runtime/target/lockstep.jar "$out" "${2:-3}"
