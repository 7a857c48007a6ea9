#!/usr/bin/env bash
# Twelve pictures by a Slurm cluster of two nodes on this machine, with one worker killed in the middle and requeued, and
# by GNU parallel, likewise; each must have the bytes of a run by itself.
# Needs Debian's slurm-wlm, munge and parallel; everything lives in a temporary folder, and nothing of the system's own
# Slurm is touched.
# Ends with the line 'N passed, N failed'.
#
# Usage: Scripts/test-cluster.sh   (after `make build`; IMPASTO=… names another program, ITERATIONS=60 makes it shorter)
set -euo pipefail
cd "$(dirname "$0")/.."

iterations=${ITERATIONS:-250}
impasto=$(readlink -f "${IMPASTO:-.build/release/impasto}")
[[ -x $impasto ]] || { echo "test-cluster: no $impasto; run 'make build' first" >&2; exit 1; }
for tool in munged slurmctld slurmd sbatch parallel; do
  PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || {
    echo "test-cluster: no $tool; install Debian's slurm-wlm, munge and parallel" >&2
    exit 1
  }
done
PATH=$PATH:/usr/sbin

work=$(mktemp -d)
processes=()
finish() {
  # Jobs are no children of this script, and outlive the daemons.
  [[ -z ${SLURM_CONF:-} ]] || timeout 10 scancel --full --user="$(id -un)" 2>/dev/null || true
  for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

passed=0 failed=0
check() {   # check NAME COMMAND…
  if "${@:2}"; then passed=$((passed + 1)); echo "passed: $1"; else failed=$((failed + 1)); echo "FAILED: $1"; fi
}
# Waits for a command to succeed: await SECONDS COMMAND…
await() {
  local end=$((SECONDS + $1))
  until "${@:2}"; do ((SECONDS < end)) || return 1; sleep 0.2; done
}

# --- The pictures, each by a run of its own.
examples=$PWD/Examples/Images
cd "$work"
settings=(--style "$examples/starry_night.jpg" --size 64 --no-stop-when-settled --threads 1)
"$impasto" batch --content "$examples/castle.jpg" "$examples/kitten.jpg" "$examples/astronaut.jpg" \
  --sweep balance=0.3,0.4,0.5,0.6 --out-dir out "${settings[@]:0:4}" --iterations "$iterations" --no-stop-when-settled \
  --write-jobs jobs.jsonl --quiet
mkdir single
began=$SECONDS
for content in castle kitten astronaut; do
  for balance in 0.3 0.4 0.5 0.6; do
    "$impasto" transfer --content "$examples/$content.jpg" --balance $balance --iterations "$iterations" "${settings[@]}" \
      -o "single/$content-balance-$balance.png" --quiet
  done
done
# A machine that is slow, or busy, is waited for accordingly.
patience=$((120 + 6 * (SECONDS - began)))
echo "twelve single runs are done"
is_complete() { [[ $(find "$1" -name '*.png' 2>/dev/null | wc -l) == 12 ]]; }
are_same() {
  local picture
  is_complete "$1" || return 1
  for picture in single/*.png; do cmp "$picture" "$1/$(basename "$picture")" || return 1; done
}
no_rubbish() { [[ -z $(find out -name '.impasto*') ]]; }

# --- A cluster of two nodes.
mkdir spool state log
mungekey --create --keyfile="$work/munge.key"
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" \
  --pid-file="$work/munge.pid" --log-file="$work/log/munged" --seed-file="$work/munge.seed" >/dev/null 2>&1 &
processes+=($!)
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
export SLURM_CONF=$work/slurm.conf
cat >"$SLURM_CONF" <<END
ClusterName=impasto
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
SlurmctldPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool/%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/log/slurmctld
SlurmdLogFile=$work/log/slurmd-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
KillWait=5
SchedulerParameters=batch_sched_delay=1,sched_interval=5,requeue_delay=1
NodeName=one NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$(free_port) CPUs=1 State=UNKNOWN
NodeName=two NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$(free_port) CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
await "$patience" test -S munge.socket
slurmctld -D >/dev/null 2>&1 &
processes+=($!)
for node in one two; do
  mkdir "spool/$node"
  slurmd -D -N $node >/dev/null 2>&1 &
  processes+=($!)
done
has_nodes() { [[ $(sinfo -h -o %t -t idle -N 2>/dev/null | wc -l) == 2 ]]; }
if ! await "$patience" has_nodes; then
  tail -n 20 log/* >&2 || true
  echo "test-cluster: the cluster does not come up" >&2
  exit 1
fi
echo "a cluster of two nodes is up"

# --- An array of twelve tasks: the script of docs/many-machines.md, but for paths.
cat >job.sh <<END
#!/bin/bash
#SBATCH --job-name=impasto
#SBATCH --array=0-11
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=log/task-%a
srun "$impasto" batch jobs.jsonl --threads 1
END
job=$(sbatch --parsable job.sh)
running() { squeue -h -r -j "$job" -t R -o %i 2>/dev/null | head -n 1; }
has_running() { [[ -n $(running) ]] && pgrep -f "$impasto batch jobs.jsonl" >/dev/null; }
await "$patience" has_running
sleep 0.7
victim=$(pgrep -n -f "^$impasto batch jobs.jsonl")
task=$(tr '\0' '\n' <"/proc/$victim/environ" | sed -n 's/^SLURM_ARRAY_TASK_ID=//p')
kill -KILL "$victim"
check "a worker was killed in the middle of its picture" test ! -e "out/gone" -a -n "$task"
# The job of a killed step ends with an error; its task is given back to the queue.
has_ended() { [[ -z $(squeue -h -r -j "${job}_$task" -t R,CG,PD 2>/dev/null) ]]; }
await "$patience" has_ended || true
missing_before=$(find out -name '*.png' 2>/dev/null | wc -l)
scontrol requeue "${job}_$task"
is_over() { [[ -z $(squeue -h -j "$job" 2>/dev/null) ]]; }
check "the array comes to its end" await "$patience" is_over
check "the killed task was started again" grep -q "" "log/task-$task"
check "all twelve of Slurm have the bytes of single runs" are_same out
check "nothing unfinished is left behind by Slurm" no_rubbish
echo "($missing_before pictures were there when task $task was given back)"

# --- GNU parallel, with a worker killed as well.
mv out out-slurm
parallel --will-cite --jobs 2 --retries 3 --joblog parallel.log \
  "$impasto" batch jobs.jsonl --shard {}/12 --threads 1 --quiet ::: $(seq 12) 2>log/parallel &
run=$!
has_worker() { pgrep -f "^$impasto batch jobs.jsonl --shard" >/dev/null; }
await "$patience" has_worker
sleep 0.5
kill -KILL "$(pgrep -n -f "^$impasto batch jobs.jsonl --shard")"
check "GNU parallel starts a killed worker again" wait "$run"
check "all twelve of GNU parallel have the bytes of single runs" are_same out
check "nothing unfinished is left behind by GNU parallel" no_rubbish

# --- Once more, all at once: nothing is made a second time, and two at once do each other no harm.
touch stamp
"$impasto" batch jobs.jsonl --report out --quiet
newer() { find out -name '*.png' -newer stamp | grep -q .; }
check "a batch whose pictures are there makes none" bash -c '! find out -name "*.png" -newer stamp | grep -q .'
rm -r out
"$impasto" batch jobs.jsonl --quiet --threads 1 --at-once 1 & first=$!
"$impasto" batch jobs.jsonl --quiet --threads 1 --at-once 1 & second=$!
wait $first; wait $second
check "two batches at once on one folder give the bytes of single runs" are_same out

echo "$passed passed, $failed failed"
((failed == 0))
