# Runs the steps of one attempt, one after the other, and outlives the runner that began it.
# Started ahead: waits for two lines on standard input, the attempt's directory and the number of its steps; ends if none come.
# Each transition is a line in DIRECTORY/spool/events, for a runner that comes later, and on standard output, for the one that
# listens now. The shell of a step is started ahead too, so that a step costs a line to a pipe.
set -u
trap '' HUP PIPE
# The files with the counters of control groups that are this job's own, if there are some.
counters=${FLUJO_COUNTERS-}
unset FLUJO_COUNTERS
prepare() {
  exec 4> >(
    exec 3>&- >/dev/null 2>&1
    trap - HUP PIPE
    BASH_ENV=${0%/*}/step.sh exec bash -e -o pipefail "../steps/$1.sh"
  )
  shell=$!
}
say() {
  printf '%s\n' "$*" >&3
  printf '%s\n' "$*" 2>/dev/null
}
prepare 0
IFS= read -r directory && IFS= read -r steps || exit 0
exec </dev/null 2>>"$directory/spool/supervisor.log" 3>>"$directory/spool/events"
declare -a when forgive
if [ -e "$directory/steps/control" ]; then . "$directory/steps/control"; fi
# Whether a step is executed, after those that have ended.
runs() {
  case "${when[$1]-success}" in
    success) [ -z "$failed" ];;
    failure) [ -n "$failed" ];;
    always) true;;
    *) false;;
  esac
}
# What the job has run out of since this was last asked.
ran_out() {
  local file word count
  out=
  for file in $counters; do
    while read -r word count; do
      case "$file $word" in
        *memory*" oom_kill") [ "$count" = "$killed" ] || out=memory; killed=$count;;
        *pids*" max") [ "$count" = "$refused" ] || out=processes; refused=$count;;
      esac
    done <"$file"
  done 2>/dev/null
}
killed=0
refused=0
say "begun $$"
running=
failed=
for ((step = 0; step < steps; step++)); do
  if ! runs "$step"; then
    running=$shell
    exec 4>&-
    wait "$running"
    if ((step + 1 < steps)); then
      prepare $((step + 1))
    fi
    continue
  fi
  running=$shell
  say "began $step $EPOCHREALTIME"
  printf '%s\n' "$step $directory" >&4
  exec 4>&-
  if ((step + 1 < steps)); then
    prepare $((step + 1))
  fi
  wait "$running"
  code=$?
  out=
  if [ "$code" != 0 ]; then ran_out; fi
  say "ended $step $code $EPOCHREALTIME${out:+ $out}"
  if [ "$code" != 0 ] && [ -z "${forgive[step]-}" ]; then
    failed=1
    # Only where something is said of steps may others follow.
    if [ "${#when[@]}" = 0 ]; then
      break
    fi
  fi
done
if [ "$shell" != "$running" ]; then
  exec 4>&-
  wait "$shell"
fi
say "done"
