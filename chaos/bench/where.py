#!/usr/bin/python3
"""where.py HTTP[,HTTP...] HOST:PORT [SECONDS]
Where the time of an autocommit INSERT goes, at 1, 8 and 32 clients on one gateway: the nodes' own counters at
/metrics before and after, divided by what happened in between. In milliseconds per write:
  total    what the gateway measures, from the command to the answer
  gateway  analysing, checking and pinning the statement (with its questions to the database)
  log      from the sequencer's append to its commit by a majority, on disk
  apply    one batch at the session's database, from its first statement to its commit
  bus      the rest: the way to the sequencer and back, its queue, and waiting for the batch before
"""
import re, sys, threading, time, urllib.request
import pymysql

nodes = [n.split(":")[-1] for n in sys.argv[1].split(",")]
host, port = sys.argv[2].split(":")
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 5


def counters():
    found = {}
    for node in nodes:
        text = urllib.request.urlopen(f"http://127.0.0.1:{node}/metrics", timeout=10).read().decode()
        for name, value in re.findall(r"^(lockstep_\w+_(?:sum|count))(?:\{[^}]*\})? (\S+)$", text, re.M):
            found[(node, name)] = found.get((node, name), 0) + float(value)
    return found


def mean(before, after, stage, node=None):
    def of(kind):
        keys = [k for k in after if k[1] == f"lockstep_{stage}_{kind}" and node in (None, k[0])]
        return sum(after[k] - before.get(k, 0) for k in keys)
    return 1000 * of("sum") / max(1, of("count")), of("count")


def client(until, latencies):
    connection = pymysql.connect(host=host, port=int(port), user="bench", password="bench", autocommit=True)
    cursor = connection.cursor()
    while time.time() < until:
        start = time.perf_counter()
        cursor.execute("INSERT INTO sbtest.latency (v) VALUES ('some twenty letters')")
        latencies.append(time.perf_counter() - start)
    connection.close()


setup = pymysql.connect(host=host, port=int(port), user="bench", password="bench", autocommit=True)
setup.cursor().execute("CREATE TABLE IF NOT EXISTS sbtest.latency (id BIGINT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(40))")
print("clients\twrites/s\tclient p50\tclient p95\ttotal\tgateway\tlog\tapply\tbus")
for clients in (1, 8, 32):
    before, latencies = counters(), []
    until = time.time() + seconds
    threads = [threading.Thread(target=client, args=(until, latencies)) for _ in range(clients)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    after = counters()
    latencies.sort()
    total, _ = mean(before, after, "gateway_write_seconds")
    plan, _ = mean(before, after, "gateway_plan_seconds")
    log, _ = mean(before, after, "sequencer_append_seconds")
    apply = sum(mean(before, after, "applier_batch_time_seconds", n)[0] for n in nodes) / len(nodes)
    figures = [1000 * latencies[len(latencies) // 2], 1000 * latencies[int(len(latencies) * 0.95)],
               total, plan, log, apply, total - plan - log - apply]
    print(f"{clients}\t{len(latencies) / seconds:.0f}\t" + "\t".join(f"{f:.2f}" for f in figures), flush=True)
