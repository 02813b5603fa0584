# SPDX-License-Identifier: AGPL-3.0-only
"""Writes GGUF version 3. Source of the format: ggml's docs/gguf.md; of Q8_0: ggml-quants.c, quantize_row_q8_0_ref."""
import struct

import numpy as np

ALIGNMENT = 32
F32, F16, Q8_0 = 0, 1, 8
_UINT32, _INT32, _FLOAT32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9


def _string(text):
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def _value(value):
    """Type code and bytes of a metadata value."""
    if isinstance(value, bool):
        return _BOOL, struct.pack("<?", value)
    if isinstance(value, int):
        return _UINT32, struct.pack("<I", value)
    if isinstance(value, float):
        return _FLOAT32, struct.pack("<f", value)
    if isinstance(value, str):
        return _STRING, _string(value)
    if isinstance(value[0], str):
        return _ARRAY, struct.pack("<IQ", _STRING, len(value)) + b"".join(map(_string, value))
    return _ARRAY, struct.pack("<IQ", _INT32, len(value)) + struct.pack(f"<{len(value)}i", *value)


def quantise_q8_0(array):
    """Blocks of 32: a half-precision scale and 32 signed bytes."""
    blocks = array.astype(np.float32).reshape(-1, 32)
    scale = np.abs(blocks).max(1, keepdims=True) / 127.0
    inverse = np.where(scale > 0, 1.0 / np.where(scale > 0, scale, 1), 0)
    scaled = blocks * inverse
    quants = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype(np.int8)
    return np.concatenate([scale.astype(np.float16).view(np.int8), quants], axis=1).tobytes()


def tensor_bytes(array, kind):
    """The tensor's data in the chosen type; rows must be multiples of 32 long for Q8_0."""
    if kind == Q8_0:
        return quantise_q8_0(array)
    return array.astype(np.float16 if kind == F16 else np.float32).tobytes()


def write_gguf(path, metadata, tensors):
    """`metadata`: ordered name → value; `tensors`: list of (name, numpy array, type)."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for name, value in metadata.items():
        code, data = _value(value)
        head += _string(name) + struct.pack("<I", code) + data
    body, offset = [], 0
    for name, array, kind in tensors:
        data = tensor_bytes(array, kind)
        shape = array.shape[::-1]
        head += _string(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape) + struct.pack("<IQ", kind, offset)
        data += b"\0" * (-len(data) % ALIGNMENT)
        body.append(data)
        offset += len(data)
    with open(path, "wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGNMENT) + b"".join(body))
