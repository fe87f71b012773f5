# Runs the steps of one attempt, one after the other, and outlives the runner that began it.
# Started ahead: waits for two lines on standard input, the attempt's directory and the number of its steps; ends if none come.
# Each transition is a line in DIRECTORY/events, for a runner that comes later, and on standard output, for the one that
# listens now. Nothing here forks but the steps themselves.
set -u
trap '' HUP PIPE
IFS= read -r directory && IFS= read -r steps || exit 0
exec </dev/null 2>>"$directory/supervisor.log" 3>>"$directory/events"
. "$directory/steps/env"
say() {
  printf '%s\n' "$*" >&3
  printf '%s\n' "$*" 2>/dev/null
}
cd "$directory/workspace" || exit 1
say "begun $$"
for ((step = 0; step < steps; step++)); do
  say "began $step $EPOCHREALTIME"
  (
    exec 3>&-
    trap - HUP PIPE
    . "$directory/steps/$step.env"
    exec bash -e -o pipefail "$directory/steps/$step.sh"
  ) >>"$directory/output.$step" 2>&1 </dev/null
  code=$?
  say "ended $step $code $EPOCHREALTIME"
  if [ "$code" != 0 ]; then
    break
  fi
done
say "done"
