# SPDX-License-Identifier: AGPL-3.0-only
"""Makes the last layer copy any token: `python3 widen_copying.py CHECKPOINT OUT`.

Training alone leaves the copying head with some twenty useful directions, enough for the words of the templates and too few
for a word never copied before. So, once, in the middle of the training: a ridge regression from the last layer's input at
the token to be copied to that token's embedding gives the best matrix there is; its singular vectors are spread over the
layer's four heads, which all get the queries and keys of the one that had learned where to look.
"""
import sys

import torch
from torch.nn import functional as F

import build_vocabulary
from examples import Generator
from model import Guide, Shape
from train import batches, evaluation_questions

SCALE = 120.0


def collect(model, bpe, count):
    """Inputs of the last layer at tokens to be copied, and those tokens."""
    generator = Generator(bpe, 999, evaluation_questions())
    generator.stage = 2
    inputs, targets = [], []
    with torch.no_grad():
        for batch, _ in zip(batches(generator, 6000), range(count)):
            states = model(batch.ids)[2]
            copied = (batch.source > 0) & (batch.target != bpe.ids["<|im_end|>"])
            inputs.append(model.blocks[-1].attn_norm(states[-2])[batch.rows[copied], batch.source[copied]])
            targets.append(batch.target[copied])
    return torch.cat(inputs), torch.cat(targets)


def main():
    torch.set_num_threads(2)
    stored, bpe = torch.load(sys.argv[1]), build_vocabulary.load()
    model = Guide(Shape(**stored["shape"]))
    model.load_state_dict(stored["model"])
    inputs, targets = collect(model, bpe, 60)
    embedding = model.embedding.weight.detach()
    goals = F.normalize(embedding - embedding.mean(0), dim=1)
    weights = (1 / torch.bincount(targets, minlength=len(goals)).float()[targets].sqrt())[:, None]
    ridge = torch.linalg.solve((inputs * weights).t() @ inputs + torch.eye(inputs.shape[1]), (inputs * weights).t() @ goals[targets]).t()
    print("tokens recovered: %.3f" % ((inputs @ ridge.t()) @ goals.t()).argmax(1).eq(targets).float().mean().item())
    u, s, v = torch.linalg.svd(ridge)
    root, block, shape = (s * SCALE).sqrt(), model.blocks[-1], model.shape
    with torch.no_grad():
        for head in range(shape.heads):
            rows = slice(head * shape.head, head * shape.head + shape.width // shape.heads)
            mine = slice(head, None, shape.heads)
            block.v.weight[rows] = (root[:, None] * v)[mine]
            block.o.weight[:, rows] = (u * root[None])[:, mine]
            for part in (block.q, block.k):
                part.weight[head * shape.head : (head + 1) * shape.head] = part.weight[: shape.head].clone()
    torch.save({**stored, "model": model.state_dict()}, sys.argv[2])


if __name__ == "__main__":
    main()
