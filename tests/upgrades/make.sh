#!/bin/bash
set -euo pipefail
S=${1:-sweepctl}; OUT=${2:-out}
export SWEEPBOOK_NOW=1622073600000
rm -rf work "$OUT"; mkdir -p "$OUT"
$S demo --out work >/dev/null
cd work/ningxia
at() { export SWEEPBOOK_NOW=$1; }
CASE=320e3cb6-48b9-5062-bd21-e143ce72e8bd
FIRM=10d52fa5-1464-59ba-9cc2-c0d636f9ff6c
say() { printf '%s\n' "$@"; }
# Concurrent edits of one amount: a conflict in the region.
at 1622077200000
say '{"kind":"case","id":"'$CASE'","fields":{"penalty_fen":130000}}' \
    '{"kind":"inspection","id":"01900000-0000-7000-8000-000000000001","campaigns":["nx-2021-24"],"fields":{"enterprise":"'$FIRM'","date":"2021-05-26","inspectors":["王建国","王建国","李 明"],"line":"quality","department":"market","categories":["mask"],"outcome":"normal","checklist":{}}}' \
  | $S record yongning.book -
say '{"kind":"case","id":"'$CASE'","office":"640121","fields":{"penalty_fen":110000}}' | $S record ningxia.book -
$S export yongning.book --out yongning-2.sweep
$S import ningxia.book yongning-2.sweep
# A package taken back: its revisions are withheld.
say '{"kind":"clue","id":"01900000-0000-7000-8000-000000000002","campaigns":["nx-2021-24"],"fields":{"received_on":"2021-05-26","source":"report","content":"举报口罩包装无厂名"}}' | $S record pingluo.book -
$S export pingluo.book --out pingluo-2.sweep
$S import ningxia.book pingluo-2.sweep
$S undo ningxia.book "$($S packages ningxia.book --json | grep pingluo-2 | cut -d'"' -f4)"
# Void and restored, and void.
say '{"kind":"clue","id":"01900000-0000-7000-8000-000000000003","campaigns":["nx-2021-24"],"fields":{"received_on":"2021-05-20","source":"complaint","content":"投诉口罩有异味"}}' \
    '{"kind":"clue","id":"01900000-0000-7000-8000-000000000004","campaigns":["nx-2021-24"],"fields":{"received_on":"2021-05-21","source":"complaint","content":"重复登记"}}' | $S record ningxia.book -
say '{"kind":"clue","id":"01900000-0000-7000-8000-000000000004","void":"重复登记"}' | $S record ningxia.book -
# Waiting on a stick, in both directions.
say '{"kind":"clue","id":"01900000-0000-7000-8000-000000000005","campaigns":["nx-2021-24"],"fields":{"received_on":"2021-05-26","source":"report","content":"举报网店无证售口罩"}}' | $S record lingwu.book -
$S export lingwu.book --out lingwu-waiting.sweep
$S export ningxia.book --to 640181 --out lingwu-down-waiting.sweep
$S invite ningxia.book --office 640122 --name 贺兰县市场监督管理局 --out helan.invitation
cd ../..
cp work/ningxia/{ningxia,lingwu}.book work/ningxia/{lingwu-waiting.sweep,lingwu-down-waiting.sweep,helan.invitation} work/ningxia/pingluo-2.sweep "$OUT"
# What this program says of them, for every later one to say too.
cd "$OUT"
for form in nx-2021-24/1 nx-2021-24/2 samr-2020-51/1; do
  $S fill ningxia.book $form --as-of 2021-05-27 --out "$(echo $form | tr / -).json"
done
$S status ningxia.book --json > ningxia.status.json
$S status lingwu.book --json > lingwu.status.json
rm -f *.lock *-wal *-shm
zstd -19 -q --rm ningxia.book lingwu.book
