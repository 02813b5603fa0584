# SPDX-License-Identifier: AGPL-3.0-only
"""Turns examples into padded tensors, and shows a few attention heads where to look.

Left to itself a small model finds copying only after hundreds of steps, and choosing later still. So for the first part
of the training seven heads are told what is useful to attend to: the token before, the one before that and the one before that, the number
of the own passage, the same word in a passage, the words of the question that hit the right passage, and the token to copy.
"""
import numpy as np
import torch

LENGTH_STEP = 8


class Batch:
    """A list of examples as tensors; padding is at the end and carries no loss."""

    def __init__(self, examples):
        size = len(examples)
        length = -(-max(len(e.ids) for e in examples) // LENGTH_STEP) * LENGTH_STEP
        ids, segment = np.zeros((size, length), np.int64), np.zeros((size, length), np.int64)
        zone, asked = np.zeros((size, length), bool), np.zeros((size, length), bool)
        marker = np.full((size, length), -1, np.int64)
        rows, at, target, source, first = [], [], [], [], []
        for row, e in enumerate(examples):
            count = len(e.ids)
            ids[row, :count], segment[row, :count], zone[row, :count] = e.ids, e.segment, e.word_zone
            asked[row, slice(*e.question)] = True
            for index, position in enumerate(e.markers):
                marker[row][segment[row] == index + 1] = position
            for position in range(e.answer_at, count):
                rows.append(row), at.append(position - 1), target.append(e.ids[position])
                source.append(0 if e.source is None else e.source + position - e.answer_at)
                first.append(position == e.answer_at)
        self.ids, self.marker = torch.from_numpy(ids), torch.from_numpy(marker)
        same = (ids[:, :, None] == ids[:, None, :]) & asked[:, :, None] & zone[:, None, :]
        hit_right = np.zeros((size, length), bool)
        for row, e in enumerate(examples):
            if e.right < len(e.markers):
                hit_right[row] = (same[row] & (segment[row] == e.right + 1)[None]).any(-1)
        self.hit_right = torch.from_numpy(hit_right)
        same[:, :, 0] |= asked & ~same.any(-1)
        self.same, self.asked = torch.from_numpy(same), torch.from_numpy(asked)
        self.rows, self.at, self.target, self.source = (torch.tensor(x) for x in (rows, at, target, source))
        self.first = torch.tensor(first)
        self.right = torch.tensor([e.right for e in examples])
        self.ask_at = torch.tensor([e.answer_at - 1 for e in examples])
        self.size = size


def _miss(mass):
    return -(mass + 1e-6).log().mean()


def guidance_loss(batch, attention):
    """How far the guided heads look from where they should; a mean of negative log attention mass."""
    length = batch.ids.shape[1]
    before = torch.arange(3, length)
    loss = _miss(attention[1][:, 0, before, before - 3])
    loss = loss + _miss(attention[0][:, 0, before, before - 1]) + _miss(attention[0][:, 1, before, before - 2])
    rows, columns = (batch.marker >= 0).nonzero(as_tuple=True)
    loss = loss + _miss(attention[0][rows, 2, columns, batch.marker[rows, columns]])
    rows, columns = batch.asked.nonzero(as_tuple=True)
    loss = loss + _miss((attention[2][rows, 0, columns] * batch.same[rows, columns]).sum(-1))
    chosen = batch.hit_right.any(-1).nonzero(as_tuple=True)[0]
    if len(chosen):
        loss = loss + _miss((attention[3][chosen, 0, batch.ask_at[chosen]] * batch.hit_right[chosen]).sum(-1))
    return loss + 2 * copying_loss(batch, attention)


def copying_loss(batch, attention):
    """The part of the guidance that stays to the end: look at the token that is to be copied."""
    return _miss(attention[4][batch.rows, :, batch.at, batch.source])
