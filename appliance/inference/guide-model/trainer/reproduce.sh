#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-only
# Trains a guide model from nothing and writes ../guide.gguf. Stages as in the session that made the committed file;
# there the exchange of words (remap.py) came with stage 2, the milder share of refusals with stage 3, and the share
# of first passages that are right with stage 5.
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
$python train.py --steps 2400 --from "$out/4/latest.pt" --stage 2 --rate 1.5e-3 --guided-steps 100 --seed 20261126 --out "$out/5"
$python export_gguf.py "$out/5/latest.pt"
$python export_vectors.py
