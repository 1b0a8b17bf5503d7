#!/usr/bin/python3
"""One measured sysbench cell (or the prepare step). Called by compare.sh.

  cell.py prepare  LABEL host:port[,host:port...]
  cell.py run      LABEL host:port[,host:port...] WORKLOAD THREADS [auto|disable]
  cell.py header

Several targets: connections are dealt round robin over them. Where all targets share a host (or a port) this is
sysbench's own --mysql-host/--mysql-port list; otherwise one sysbench process per target, sums and merged histograms.
env: BENCH_USER BENCH_PW TIME WARM TABLES SIZE RAND BENCH_LOCK BENCH_PIDFILES (space separated globs of pid files
whose CPU counts as the server's; put a gateway's pid file here)
"""
import fcntl, glob, os, re, resource, subprocess, sys, threading, time
E = os.environ.get
USER, PW = E('BENCH_USER', 'bench'), E('BENCH_PW', 'bench')
TIME, WARM = int(E('TIME', '12')), int(E('WARM', '3'))
TABLES, SIZE, RAND = E('TABLES', '4'), E('SIZE', '25000'), E('RAND', 'special')
LOCK = E('BENCH_LOCK', os.path.join(E('TMPDIR', '/tmp'), 'lockstep-bench.lock'))
PIDFILES = E('BENCH_PIDFILES', E('BENCH_ROOT', os.path.join(E('TMPDIR', '/tmp'), 'lockstep-bench')) + '/*/launch.pid')
COLS = ['label', 'workload', 'threads', 'ps', 'tps', 'qps', 'p50_ms', 'p95_ms', 'p99_ms', 'max_ms', 'err_s', 'reconn',
        'tps_sec_min', 'tps_sec_max', 'srv_cpu', 'cli_cpu', 'foreign_cpu', 'steal', 'fatal', 'time']
HZ = os.sysconf('SC_CLK_TCK')


def pids():
    out = set()
    for g in PIDFILES.split():
        for f in glob.glob(g):
            try:
                out.add(int(open(f).read().split()[0]))
            except (OSError, ValueError, IndexError):
                pass
    return out


def cpu_of(ps):
    t = 0
    for p in ps:
        try:
            s = open('/proc/%d/stat' % p).read().rsplit(')', 1)[1].split()
            t += int(s[11]) + int(s[12])
        except OSError:
            pass
    return t / HZ


def machine():
    v = [int(x) for x in open('/proc/stat').readline().split()[1:9]]
    return (v[0] + v[1] + v[2] + v[5] + v[6]) / HZ, v[7] / HZ


def groups(targets):
    hp = [t.rsplit(':', 1) for t in targets]
    hosts, ports = [h for h, _ in hp], [p for _, p in hp]
    if len(set(hosts)) == 1:
        return [(hosts[0], ','.join(ports))]
    if len(set(ports)) == 1:
        return [(','.join(hosts), ports[0])]
    return list(zip(hosts, ports))


def argv(host, port, workload, threads, ps, secs):
    return ['sysbench', workload, '--db-driver=mysql', '--mysql-host=' + host, '--mysql-port=' + port,
            '--mysql-user=' + USER, '--mysql-password=' + PW, '--mysql-db=sbtest', '--tables=' + TABLES,
            '--table-size=' + SIZE, '--threads=%d' % threads, '--time=%d' % secs, '--report-interval=1',
            '--histogram=on', '--percentile=95', '--db-ps-mode=' + ps, '--rand-type=' + RAND,
            '--mysql-ignore-errors=1213,1020,1205,1180', 'run']


def launch(targets, workload, threads, ps, secs):
    gs = groups(targets)
    n = len(gs)
    procs = []
    for i, (h, p) in enumerate(gs):
        k = threads // n + (1 if i < threads % n else 0)
        if k:
            procs.append(subprocess.Popen(argv(h, p, workload, k, ps, secs), stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, text=True))
    outs = [None] * len(procs)

    def rd(i):
        outs[i] = procs[i].communicate()[0]
    th = [threading.Thread(target=rd, args=(i,)) for i in range(len(procs))]
    [t.start() for t in th]
    [t.join() for t in th]
    return outs, [p.returncode for p in procs]


def pct(hist, q):
    tot = sum(hist.values())
    acc = 0
    for v in sorted(hist):
        acc += hist[v]
        if acc >= tot * q:
            return v
    return float('nan')


def run(label, targets, workload, threads, ps):
    if LOCK:  # empty: the caller (compare.sh) holds it for the whole group of targets
        lock = open(LOCK, 'a')
        fcntl.flock(lock, fcntl.LOCK_EX)
    fatal = ''
    if WARM:
        launch(targets, workload, threads, ps, WARM)
    ps0 = pids()
    c0, m0, r0, t0 = cpu_of(ps0), machine(), resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    outs, rcs = launch(targets, workload, threads, ps, TIME)
    c1, m1, r1, t1 = cpu_of(ps0), machine(), resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    if LOCK:
        fcntl.flock(lock, fcntl.LOCK_UN)
    wall = t1 - t0
    tps = qps = errs = rec = 0.0
    mx = 0.0
    hist, persec = {}, {}
    for o, rc in zip(outs, rcs):
        f = re.findall(r'FATAL.*', o)
        if rc or f:
            fatal = ((f or ['rc=%d' % rc])[-1]).replace('\t', ' ')[:120]

        def g(pat):
            m = re.search(pat, o)
            return float(m.group(1)) if m else 0.0
        tps += g(r'transactions:\s+\d+\s+\(([\d.]+) per sec')
        qps += g(r'queries:\s+\d+\s+\(([\d.]+) per sec')
        errs += g(r'ignored errors:\s+\d+\s+\(([\d.]+) per sec')
        rec += g(r'reconnects:\s+(\d+)')
        mx = max(mx, g(r'max:\s+([\d.]+)'))
        for v, c in re.findall(r'^\s*([\d.]+) \|[* ]+ (\d+)\s*$', o, re.M):
            hist[float(v)] = hist.get(float(v), 0) + int(c)
        for s, v in re.findall(r'\[ (\d+)s \].*? tps: ([\d.]+)', o):
            persec[s] = persec.get(s, 0) + float(v)
    ps_ = list(persec.values()) or [0]
    srv = c1 - c0
    cli = (r1.ru_utime + r1.ru_stime) - (r0.ru_utime + r0.ru_stime)
    busy = m1[0] - m0[0]
    f = lambda x: '%.0f%%' % (100 * x / wall)
    row = [label, workload.replace('oltp_', ''), threads, ps, '%.1f' % tps, '%.1f' % qps, '%.2f' % pct(hist, .5),
           '%.2f' % pct(hist, .95), '%.2f' % pct(hist, .99), '%.1f' % mx, '%.2f' % errs, '%d' % rec,
           '%.0f' % min(ps_), '%.0f' % max(ps_), f(srv), f(cli), f(max(0, busy - srv - cli)), f(m1[1] - m0[1]),
           fatal or '-', time.strftime('%H:%M:%S')]
    print('\t'.join(map(str, row)), flush=True)
    if fatal:
        sys.stderr.write('\n'.join(o[-600:] for o in outs) + '\n')


def prepare(label, targets):
    h, p = targets[0].rsplit(':', 1)
    base = ['sysbench', 'oltp_insert', '--db-driver=mysql', '--mysql-host=' + h, '--mysql-port=' + p,
            '--mysql-user=' + USER, '--mysql-password=' + PW, '--mysql-db=sbtest', '--tables=' + TABLES,
            '--table-size=' + SIZE, '--threads=1']
    subprocess.run(base + ['cleanup'], stdout=subprocess.DEVNULL, check=True)
    subprocess.run(base + ['prepare'], stdout=subprocess.DEVNULL, check=True)
    import pymysql
    c = pymysql.connect(host=h, port=int(p), user=USER, password=PW, database='sbtest', autocommit=True)
    cur = c.cursor()
    for i in range(1, int(TABLES) + 1):
        # On Galera auto_increment_increment is the cluster's size, so ids would be 1,4,7,... and two in three of
        # sysbench's lookups would miss. Renumber so that every target holds ids 1..SIZE.
        cur.execute('select max(id) from sbtest%d' % i)
        if cur.fetchone()[0] != int(SIZE):
            cur.execute('set @i=0')
            cur.execute('update sbtest%d set id=(@i:=@i+1) order by id' % i)
        cur.execute('select count(*), min(id), max(id) from sbtest%d' % i)
        r = cur.fetchone()
        assert r == (int(SIZE), 1, int(SIZE)), r
        cur.execute('analyze table sbtest%d' % i)
        cur.fetchall()
    sys.stderr.write('prepared %s at %s\n' % (label, targets[0]))


if __name__ == '__main__':
    a = sys.argv[1:]
    if not a or a[0] == 'header':
        print('\t'.join(COLS))
    elif a[0] == 'prepare':
        prepare(a[1], a[2].split(','))
    else:
        w = a[3] if a[3].startswith('oltp_') else 'oltp_' + a[3]
        run(a[1], a[2].split(','), w, int(a[4]), a[5] if len(a) > 5 else 'auto')
