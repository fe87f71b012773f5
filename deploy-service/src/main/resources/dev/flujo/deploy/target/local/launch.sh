# Starts the application of one release, once: whoever creates the directory "claimed" first does it.
# Usage: bash launch.sh RELEASE_DIRECTORY START_COMMAND
set -u
release=$1
mkdir "$release/claimed" 2>/dev/null || exit 0
trap '' HUP
# Field 22 of /proc/PID/stat tells this process from a later one with the same number.
read -r stat < "/proc/$$/stat"
rest=${stat##*) }
set -- "$2" $rest
printf '%s %s\n' "$$" "${21}" > "$release/pid.tmp"
mv "$release/pid.tmp" "$release/pid"
cd "$release/files" || exit 1
exec bash -c "$1" >> "$release/output" 2>&1 </dev/null
