# Starts a process, once: whoever creates the directory "claimed" first does it.
# Usage: bash launch.sh DIRECTORY START_COMMAND
set -u
process=$1
mkdir "$process/claimed" 2>/dev/null || exit 0
trap '' HUP
# Field 22 of /proc/PID/stat tells this process from a later one with the same number.
read -r stat < "/proc/$$/stat"
rest=${stat##*) }
set -- "$2" $rest
printf '%s %s\n' "$$" "${21}" > "$process/pid.tmp"
mv "$process/pid.tmp" "$process/pid"
cd "$process/files" || exit 1
exec bash -c "$1" >> "$process/output" 2>&1 </dev/null
