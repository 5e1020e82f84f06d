#!/bin/sh
# The first five minutes of somebody new, as a terminal shows them: docs/first-minutes.txt.
#
# usage: first_minutes.sh DIR > docs/first-minutes.txt      (DIR: a project with compile_commands.json)
#
# Types each command into a real terminal (tmux, 120 columns) and prints what stands on it when the
# command is done. What overstay keeps goes to a folder that is thrown away.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
project=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$0")/../.." && pwd)/build/release
scratch=$(mktemp -d)
session=overstay-$$
trap 'tmux kill-session -t "$session" 2>/dev/null; rm -rf "$scratch"' EXIT

tmux -f /dev/null new-session -d -s "$session" -x 120 -y 60 "env -i HOME=$scratch TERM=screen \
  PATH=$binary:/usr/bin:/bin PS1='$ ' OVERSTAY_DB=$scratch/overstay.db LANG=C.UTF-8 \
  /bin/bash --norc -i"
sleep 1

show() { # title, command
  printf '================ %s\n' "$1"
  tmux send-keys -t "$session" "cd $project; clear; clear" Enter
  sleep 1
  tmux send-keys -t "$session" "$2; touch $scratch/done" Enter
  until [ -e "$scratch/done" ]; do sleep 0.2; done
  rm "$scratch/done"
  sleep 0.5
  tmux capture-pane -p -t "$session" | sed -e "s|; touch $scratch/done||" -e "s|[./]*$scratch|~|g" \
    -e "s|$project|.|g" -e '/^[$] *$/d' | cat -s
}

show "what is it" "overstay --help | head -12"
show "the first run" "overstay check"
show "what it is less sure of" "overstay check --min-confidence possible | head -24"
show "again: nothing changed" "overstay check"
show "about one rule" "overstay explain lock-leak | head -20"
show "what a caller has to know" "overstay contract item_lock"
show "how often does it run, and why" "overstay explain do_item_get | head -20"
show "keep what is there, and look at new ones only" "overstay baseline write --baseline ~/baseline.jsonl"
