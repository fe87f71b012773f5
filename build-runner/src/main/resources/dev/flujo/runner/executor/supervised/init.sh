# The first process of a job that has processes of its own: has a supervisor wait for its attempt, and ends after it, with all
# that the job has left behind. Asked to end, the supervisor ends first, and everybody has the runner's patience to follow.
set -u
exec 9<> <(:)
trap '' HUP PIPE
bash "${0%/*}/supervisor.sh" <&0 9>&- &
supervisor=$!
exec </dev/null >/dev/null
asked=
trap 'asked=1' TERM
while kill -0 "$supervisor" 2>/dev/null; do wait "$supervisor"; done
if [ -n "$asked" ]; then
  while kill -0 -- -1 2>/dev/null; do read -r -t 0.02 -u 9; done
fi
