# What the shell of a step does before the step: waits for the step's number and the attempt's directory on standard input,
# and ends if they do not come; then takes up the step's output, directory and environment.
IFS=' ' read -r flujo_step flujo_directory || exit 0
exec </dev/null >>"$flujo_directory/spool/output.$flujo_step" 2>&1
cd "$flujo_directory/workspace"
# Where memory ends, this ends before the supervisor and before anybody else.
{ echo 500 >/proc/self/oom_score_adj; } 2>/dev/null || :
set -- "../steps/$flujo_step.env"
unset BASH_ENV OLDPWD flujo_step flujo_directory
. "$1"
shift
if [ -n "${BASH_ENV-}" ]; then . "$BASH_ENV"; fi
