# The first process of a job's container. Opens the pipes that lead to the runner, says that it waits, and has a supervisor
# wait for its attempt. Asked to end, it asks everything in the container; what does not listen ends with the container.
set -u
exec 9<> <(:)
# Version 2 of control groups, and version 1; in a container they are its own.
FLUJO_COUNTERS=
for file in memory.events pids.events memory/memory.oom_control pids/pids.events; do
  if [ -r "/sys/fs/cgroup/$file" ]; then FLUJO_COUNTERS+=" /sys/fs/cgroup/$file"; fi
done
export FLUJO_COUNTERS
asked=
trap 'asked=1; trap "" TERM; kill -TERM -- -1' TERM
{
  printf 'waits\n'
  exec bash "${0%/*}/supervisor.sh"
} </flujo/control/in >/flujo/control/out 9>&- &
supervisor=$!
while kill -0 "$supervisor" 2>/dev/null; do wait "$supervisor"; done
if [ -n "$asked" ]; then
  while kill -0 -- -1 2>/dev/null; do read -r -t 0.02 -u 9; done
fi
