#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-only
# Trains a guide model from nothing and writes ../guide.gguf. Stages as in the session that made the committed file;
# there the exchange of words (remap.py) came with stage 2, fewer refusals with stages 3 and 7, more first passages that are
# right with stage 5, a little more Chinese with stage 6; and the stages before the last were cut short while the rate was high.
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-/usr/bin/python3}
out=${OUT:-checkpoints}
$python build_vocabulary.py
$python train.py --steps 2500 --seed 20261122 --out "$out/1"
$python train.py --steps 250 --from "$out/1/latest.pt" --stage 2 --rate 1.6e-3 --guided-steps 400 --seed 20261123 --out "$out/2"
$python train.py --steps 750 --from "$out/2/latest.pt" --stage 2 --rate 1.6e-3 --guided-steps 300 --seed 20261124 --out "$out/3"
$python widen_copying.py "$out/3/latest.pt" "$out/widened.pt"
$python train.py --steps 250 --from "$out/widened.pt" --stage 2 --rate 1.5e-3 --guided-steps 200 --seed 20261125 --out "$out/4"
$python train.py --steps 750 --from "$out/4/latest.pt" --stage 2 --rate 1.5e-3 --guided-steps 100 --seed 20261126 --out "$out/5"
$python train.py --steps 250 --from "$out/5/latest.pt" --stage 2 --rate 1.2e-3 --guided-steps 1 --seed 20261127 --out "$out/6"
$python train.py --steps 1300 --from "$out/6/latest.pt" --stage 2 --rate 9e-4 --guided-steps 1 --seed 20261128 --out "$out/7"
$python export_gguf.py "$out/7/latest.pt"
$python export_vectors.py
