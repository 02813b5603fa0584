# SPDX-License-Identifier: AGPL-3.0-only
"""The guide model: a Llama (RMSNorm, rotary positions, SwiGLU, tied embeddings) written so that llama.cpp computes the same.

Two choices suit reading: half and more of each head's dimensions do not rotate (`rope_freqs.weight` in the
GGUF), so that "the same word, anywhere" is easy to attend to; and the pairs that rotate do so slowly to fast,
so that "the word before" is easy as well.
"""
import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Shape:
    """Sizes of the model, in the order they are written to the GGUF."""

    vocabulary: int
    width: int = 192
    layers: int = 5
    heads: int = 4
    head: int = 64
    hidden: int = 384
    context: int = 2048
    epsilon: float = 1e-5
    rope_base: float = 10000.0
    rotating_pairs: int = 12


def rotation_speeds(shape: Shape):
    """Radians a position for each pair of a head: 1 to 0.01 for the first pairs, none for the others."""
    speeds = torch.zeros(shape.head // 2, dtype=torch.float64)
    count = shape.rotating_pairs
    speeds[:count] = 10.0 ** (-2.0 * torch.arange(count, dtype=torch.float64) / (count - 1))
    return speeds


def rope_factors(shape: Shape):
    """What llama.cpp divides its own speeds by to get ours (1e30: does not rotate)."""
    index = torch.arange(shape.head // 2, dtype=torch.float64)
    own, ours = shape.rope_base ** (-2 * index / shape.head), rotation_speeds(shape)
    return torch.where(ours > 0, own / ours.clamp(min=1e-12), torch.tensor(1e30, dtype=torch.float64)).float()


class Linear(nn.Module):
    """A matrix that multiplies in bfloat16 while training: four times as fast on a CPU that has AVX512-BF16."""

    fast = True

    def __init__(self, inputs, outputs, std):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) * std)

    def forward(self, x):
        return multiply(x, self.weight.t())


def multiply(a, b):
    """a @ b, in bfloat16 or single precision, returned in single precision."""
    return (a.bfloat16() @ b.bfloat16()).float() if Linear.fast else a @ b


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight, self.epsilon = nn.Parameter(torch.ones(width)), epsilon

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight


class Block(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        width, inner = shape.width, shape.heads * shape.head
        self.shape = shape
        self.attn_norm, self.ffn_norm = Norm(width, shape.epsilon), Norm(width, shape.epsilon)
        self.q, self.k, self.v = (Linear(width, inner, width**-0.5) for _ in range(3))
        self.o = Linear(inner, width, inner**-0.5 / math.sqrt(2 * shape.layers))
        self.gate, self.up = (Linear(width, shape.hidden, width**-0.5) for _ in range(2))
        self.down = Linear(shape.hidden, width, shape.hidden**-0.5 / math.sqrt(2 * shape.layers))

    def forward(self, x, cosine, sine, mask):
        """Returns the new residual and the attention weights [batch, head, query, key]."""
        batch, length, _ = x.shape
        h = self.attn_norm(x)
        q, k, v = (f(h).view(batch, length, self.shape.heads, self.shape.head).transpose(1, 2) for f in (self.q, self.k, self.v))
        q, k = rotate(q, cosine, sine), rotate(k, cosine, sine)
        weights = torch.softmax(multiply(q, k.transpose(-1, -2)) * self.shape.head**-0.5 + mask, -1)
        x = x + self.o(multiply(weights, v).transpose(1, 2).reshape(batch, length, -1))
        h = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h)), weights


def rotate(x, cosine, sine):
    """Rotary positions on neighbouring pairs, as llama.cpp's GGML_ROPE_TYPE_NORMAL."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1).flatten(-2)


class Guide(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        nn.init.normal_(self.embedding.weight, std=shape.width**-0.5)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape.epsilon)
        # Used in training only, and not exported: which passage is right, read off an inner layer.
        self.probe = nn.Linear(shape.width, 4)
        angles = torch.arange(shape.context, dtype=torch.float64)[:, None] * rotation_speeds(shape)[None]
        self.register_buffer("cosine", angles.cos().float(), persistent=False)
        self.register_buffer("sine", angles.sin().float(), persistent=False)
        self.register_buffer("mask", torch.full((512, 512), -1e9).triu(1), persistent=False)

    def forward(self, ids):
        """Returns the last layer's normed states, all attention weights, and the residual after each layer."""
        length = ids.shape[1]
        x, attention, states = self.embedding(ids), [], []
        for block in self.blocks:
            x, weights = block(x, self.cosine[:length], self.sine[:length], self.mask[:length, :length])
            attention.append(weights)
            states.append(x)
        return self.norm(x), attention, states
