#!/usr/bin/python3
"""How long clients of the other nodes wait when one node dies or hangs, on Galera and on Lockstep in turn.

failover.py GALERA_SH LOCKSTEP_READY_JSON LOCKSTEP_JAR OUT.tsv ROUNDS

Two clients at each node that stays insert a row, wait 10 ms, and so on. After 4 s a node gets SIGKILL, or SIGSTOP
(server and database alike). The figure is the longest answer of any client until 12 s later, errors beside it.
Then the node is started again, or goes on, and the next round waits until it serves.
"""
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

import pymysql

CLIENTS, BEFORE, AFTER, THINK = 2, 4, 12, 0.01


class Galera:
    def __init__(self, script):
        self.script, self.ports = script, {}
        for number, target in enumerate(self.call("targets").split(), 1):
            self.ports[str(number)] = int(target.rpartition(":")[2])
        self.login = {"user": os.environ.get("BENCH_USER", "bench"), "password": os.environ.get("BENCH_PW", "bench")}

    def call(self, *words):
        # Into a file: a server that it starts would keep a pipe open.
        with open("/dev/null", "rb") as nothing, open(os.environ["BENCH_ROOT"] + "/call.out", "w+") as out:
            subprocess.run([self.script, *words], stdin=nothing, stdout=out, check=False)
            out.seek(0)
            return out.read().strip()

    def victims(self):
        return {"any": "2"}

    def pids(self, node):
        return [int(self.call("pid", node))]

    def start(self, node):
        self.call("start-node", node)

    def wait(self, node):
        self.call("synced", node, "90")


class Lockstep:
    login = {"user": "root"}

    def __init__(self, ready, jar):
        self.nodes = {node["node"]: node for node in json.load(open(ready, encoding="utf-8"))["nodes"]}
        self.ports = {name: node["mysqlPort"] for name, node in self.nodes.items()}
        self.jar, self.started = jar, []

    def status(self, node):
        url = "http://127.0.0.1:%d/v1/status" % self.nodes[node]["httpPort"]
        request = urllib.request.Request(url, headers={"Authorization": "Basic cm9vdDo="})
        return json.load(urllib.request.urlopen(request, timeout=3))

    def victims(self):
        leads = None
        while leads not in self.nodes:
            time.sleep(1)
            leads = self.status(next(iter(self.nodes))).get("sequencer")
        return {"sequencer": leads, "another": next(name for name in self.nodes if name != leads)}

    def pids(self, node):
        folder = os.path.dirname(self.nodes[node]["config"])
        files = (os.path.join(folder, "node.pid"), os.path.join(folder, "database", "mariadbd.pid"))
        return [int(open(name, encoding="utf-8").read().split()[0]) for name in files]

    def start(self, node):
        command = ["java", "-XX:TieredStopAtLevel=1", "-jar", self.jar, "node", "--config", self.nodes[node]["config"]]
        self.started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def wait(self, node):
        for _ in range(90):
            time.sleep(1)
            try:
                if self.status(node)["serving"]:
                    return
            except OSError:
                pass
        sys.exit(node + " does not serve again")

    def close(self):
        for process in self.started:
            process.terminate()
            process.wait()


def insert(cluster, port, until, answers, errors):
    connection = None
    while time.time() < until[0]:
        began = time.time()
        try:
            if connection is None:
                connection = pymysql.connect(host="127.0.0.1", port=port, autocommit=True, **cluster.login)
            connection.cursor().execute("insert into failover.t(a) values(1)")
            answers.append((began, time.time()))
        except pymysql.err.MySQLError as error:
            errors.append(error.args[0])
            connection = None
            time.sleep(0.05)
        time.sleep(THINK)


def round_of(cluster, victim, how):
    until, answers, errors, clients = [float("inf")], [], [], []
    for name, port in cluster.ports.items():
        for _ in range(CLIENTS if name != victim else 0):
            clients.append(threading.Thread(target=insert, args=(cluster, port, until, answers, errors)))
    for client in clients:
        client.start()
    time.sleep(BEFORE)
    pids = cluster.pids(victim)
    fault = time.time()
    for pid in pids if how == signal.SIGSTOP else pids[:1]:
        os.kill(pid, how)
    until[0] = fault + AFTER
    for client in clients:
        client.join()
    if how == signal.SIGSTOP:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    else:
        cluster.start(victim)
    cluster.wait(victim)
    time.sleep(5)
    return max(end - began for began, end in answers if end > fault), len(errors)


def main():
    script, ready, jar, out, rounds = sys.argv[1:]
    clusters = {"Galera": Galera(script), "Lockstep": Lockstep(ready, jar)}
    waits = {}
    try:
        for cluster in clusters.values():
            port = next(iter(cluster.ports.values()))
            cursor = pymysql.connect(host="127.0.0.1", port=port, autocommit=True, **cluster.login).cursor()
            cursor.execute("create database if not exists failover")
            cursor.execute("create table if not exists failover.t(id bigint auto_increment primary key, a int)")
        with open(out, "w", encoding="utf-8") as rows:
            print("cluster\tsignal\tnode\tlongest_answer_s\terrors", file=rows, flush=True)
            for _ in range(int(rounds)):
                for how in (signal.SIGKILL, signal.SIGSTOP):
                    for label, cluster in clusters.items():
                        for which in list(cluster.victims()):
                            wait, errors = round_of(cluster, cluster.victims()[which], how)
                            print(label, how.name, which, "%.2f" % wait, errors, sep="\t", file=rows, flush=True)
                            waits.setdefault((label, how.name, which), []).append((wait, errors))
    finally:
        clusters["Lockstep"].close()
    for (label, how, which), seen in waits.items():
        median = statistics.median(wait for wait, _ in seen)
        print("%-9s %-7s of %-9s: longest answer %.2f s (median of %d; %.2f to %.2f), %d errors" % (
            label, how, which, median, len(seen), min(seen)[0], max(seen)[0], sum(count for _, count in seen)))


main()
