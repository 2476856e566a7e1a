#!/bin/sh
# The main job on samples: a sheet is planned, applied to a simulated account, reported, and planned again.
#
#   demo.sh [PROVISION [SAMPLES [FOLDER]]]
#
# PROVISION is the program, SAMPLES the folder of the samples, FOLDER where account, runs and state are kept. Without
# them: what is installed, and a new temporary folder. DEMO_TIME_SCALE is how many seconds of the service pass in one.
set -eu
program=${1:-provision}
samples=${2:-$(dirname "$0")/samples}
folder=${3:-$(mktemp -d "${TMPDIR:-/tmp}/provision-demo.XXXXXX")}

sheet=$samples/onboarding.xlsx
homes="--runs-dir $folder/runs --state-dir $folder/state"
server="sim:$folder/account.json?time-scale=${DEMO_TIME_SCALE:-30}"

show() {
	printf '\n$ %s\n' "$*"
	"$@" </dev/null
}

# The account is copied first: the simulator keeps what happened in a file beside it.
mkdir -p "$folder"
cp "$samples/onboarding.json" "$folder/account.json"
# shellcheck disable=SC2086 # two words each
{
	show "$program" sim reset "$folder/account.json" --state-dir "$folder/state"
	show "$program" plan "$sheet" --server "$server" $homes
	show "$program" run "$sheet" --auto-approve --server "$server" $homes
	run=$(ls -d "$folder"/runs/*/ | tail -n 1)
	show "$program" report "$run" $homes
	printf '\nThe same sheet again: nothing is left to do (exit code 2 would say that something is).\n'
	show "$program" plan "$sheet" --detailed-exitcode --server "$server" $homes
}
printf '\nThe run and its report lie in %s\n' "$run"
