# The first process of a job's container: has a supervisor wait for its attempt. Of that it hears by pipes that lead to the
# runner, which it tells that it waits, or, as the pod FLUJO_POD, by a file that the runner writes. Asked to end, it asks
# everything in the container; what does not listen ends with the container.
set -u
exec 9<> <(:)
# Version 2 of control groups, and version 1; in a container they are its own.
FLUJO_COUNTERS=
for file in memory.events pids.events memory/memory.oom_control pids/pids.events; do
  if [ -r "/sys/fs/cgroup/$file" ]; then FLUJO_COUNTERS+=" /sys/fs/cgroup/$file"; fi
done
export FLUJO_COUNTERS
pod=${FLUJO_POD-}
unset FLUJO_POD
asked=
trap 'asked=1; trap "" TERM; kill -TERM -- -1' TERM
# Opened each time: so it is read as it is now also where it lies on another machine.
hear() {
  local whose steps
  until read -r whose steps </flujo/control/told && [ "$whose" = "$pod" ]; do
    read -r -t 0.05 -u 9
  done
  printf '%s\n' /flujo "$steps"
}
if [ -n "$pod" ]; then
  hear | exec bash "${0%/*}/supervisor.sh" >/dev/null 9>&- &
else
  {
    printf 'waits\n'
    exec bash "${0%/*}/supervisor.sh"
  } </flujo/control/in >/flujo/control/out 9>&- &
fi
supervisor=$!
while kill -0 "$supervisor" 2>/dev/null; do wait "$supervisor"; done
if [ -n "$asked" ]; then
  while kill -0 -- -1 2>/dev/null; do read -r -t 0.02 -u 9; done
fi
