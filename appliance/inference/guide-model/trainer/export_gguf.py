# SPDX-License-Identifier: AGPL-3.0-only
"""Turns a checkpoint into ../guide.gguf and writes its SHA-256 beside it. `python3 export_gguf.py CHECKPOINT [OUT] [f16]`."""
import hashlib
import sys
from pathlib import Path

import torch

import build_vocabulary
from gguf_writer import F16, F32, Q8_0, write_gguf
from model import Guide, Shape, rope_factors
from prompt_strings import HERE

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def metadata(shape, bpe):
    """Everything llama.cpp and Hearth need to know about the file."""
    ids = bpe.ids
    return {
        "general.architecture": "llama", "general.name": "hearth-guide", "general.type": "model", "general.license": "AGPL-3.0-only",
        "general.author": "The Hearth project", "general.description": "Reads the passages it is shown and repeats the one that answers the question. It knows nothing else.",
        "general.languages": ["en", "zh"], "hearth.role": "guide", "general.file_type": 7,
        "llama.context_length": shape.context, "llama.embedding_length": shape.width, "llama.block_count": shape.layers, "llama.feed_forward_length": shape.hidden,
        "llama.attention.head_count": shape.heads, "llama.attention.head_count_kv": shape.heads, "llama.attention.key_length": shape.head, "llama.attention.value_length": shape.head,
        "llama.attention.layer_norm_rms_epsilon": shape.epsilon, "llama.rope.dimension_count": shape.head, "llama.rope.freq_base": shape.rope_base, "llama.vocab_size": shape.vocabulary,
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "qwen2", "tokenizer.ggml.tokens": bpe.tokens,
        "tokenizer.ggml.token_type": [3 if token in bpe.specials else 1 for token in bpe.tokens], "tokenizer.ggml.merges": [" ".join(pair) for pair in bpe.merges],
        "tokenizer.ggml.bos_token_id": ids["<|endoftext|>"], "tokenizer.ggml.eos_token_id": ids["<|im_end|>"], "tokenizer.ggml.eot_token_id": ids["<|im_end|>"],
        "tokenizer.ggml.padding_token_id": ids["<|endoftext|>"], "tokenizer.ggml.add_bos_token": False, "tokenizer.ggml.add_eos_token": False, "tokenizer.chat_template": CHAT_TEMPLATE,
    }


def tensors(model, kind):
    """The weights under llama.cpp's names; norms and rotation factors stay in single precision."""
    array = lambda parameter: parameter.detach().numpy()
    found = [("token_embd.weight", array(model.embedding.weight), kind), ("output_norm.weight", array(model.norm.weight), F32), ("rope_freqs.weight", rope_factors(model.shape).numpy(), F32)]
    for index, block in enumerate(model.blocks):
        names = {"attn_norm": block.attn_norm, "attn_q": block.q, "attn_k": block.k, "attn_v": block.v, "attn_output": block.o, "ffn_norm": block.ffn_norm, "ffn_gate": block.gate, "ffn_up": block.up, "ffn_down": block.down}
        found += [(f"blk.{index}.{name}.weight", array(part.weight), F32 if name.endswith("norm") else kind) for name, part in names.items()]
    return found


def main():
    stored = torch.load(sys.argv[1])
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE.parent / "guide.gguf"
    kind = F16 if "f16" in sys.argv[3:] else Q8_0
    model = Guide(Shape(**stored["shape"]))
    model.load_state_dict(stored["model"])
    write_gguf(out, metadata(model.shape, build_vocabulary.load()), tensors(model, kind))
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    out.with_suffix(".gguf.sha256").write_text(f"{digest}  {out.name}\n")
    print(out, out.stat().st_size, digest)


if __name__ == "__main__":
    main()
