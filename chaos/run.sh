#!/usr/bin/env bash
# Starts a cluster, loads it, disturbs it from a seed, and checks every acknowledged write:
#   chaos/run.sh kill-node|kill-follower|kill-sequencer|kill-database|kill-all|hang-node|hang-sequencer [--minutes N] [--seed S]
# Runs transactions on every gateway and looks for anomalies:
#   chaos/run.sh transactions [--workload append|set|bank|lost-update|skew|all] [--isolation rr|serializable|both]
#       [--faults none|kill-node|kill-sequencer|kill-database|hang-sequencer] [--minutes N] [--seed S] [--plain]
# Runs random statements on every gateway and compares all nodes after each batch:
#   chaos/run.sh fuzz [--statements N] [--minutes N] [--seed S]
# Needs the packaged jar: mvn -q -DskipTests package
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -f runtime/target/lockstep.jar ] || [ ! -d chaos/target/lib ]; then
  echo "not built yet: run  mvn -q -DskipTests package  first" >&2
  exit 2
fi
exec java -cp "chaos/target/classes:chaos/target/lib/*" io.lockstep.chaos.live.ChaosCommand "$@"
