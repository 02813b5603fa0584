# SPDX-License-Identifier: AGPL-3.0-only
"""Trains the guide model on two CPU cores. `python3 train.py --steps N --out FOLDER`; see ../README.md."""
import argparse
import json
import math
import os
import time
from pathlib import Path

import torch
from torch import distributed, multiprocessing
from torch.nn import functional as F

import build_vocabulary
from examples import Generator
from guidance import Batch, copying_loss, guidance_loss
from model import Guide, Shape, multiply
from prompt_strings import HERE, normalise_for_matching


def evaluation_questions():
    """Normalised questions of the evaluation, which the generator must never show."""
    found = set()
    for path in (HERE.parent / "evaluation").rglob("*.json"):
        found |= {normalise_for_matching(row["question"]) for row in json.loads(path.read_text(encoding="utf-8"))["questions"]}
    return found


def batches(generator, tokens):
    """Batches of about `tokens` tokens, made of examples of like length; about 12 batches are cut from one draw."""
    while True:
        drawn, stage = sorted((generator.next() for _ in range(300)), key=lambda e: len(e.ids)), generator.stage
        groups, group = [], []
        for example in drawn:
            group.append(example)
            if len(group) * len(example.ids) >= tokens:
                groups.append(group)
                group = []
        if group:
            groups.append(group)
        generator.rng.shuffle(groups)
        for group in groups:
            yield Batch(group)
            if generator.stage != stage:
                break


def losses(model, batch, guided=True):
    """Answer loss, loss of the answers' first tokens, probe loss, guidance loss, and the logits of answer tokens."""
    normed, attention, states = model(batch.ids)
    logits = multiply(normed[batch.rows, batch.at], model.embedding.weight.t())
    each = F.cross_entropy(logits, batch.target, reduction="none")
    picked = model.probe(states[3][torch.arange(batch.size), batch.ask_at])
    return each.mean(), each[batch.first].mean(), F.cross_entropy(picked, batch.right), guidance_loss(batch, attention) if guided else copying_loss(batch, attention), logits


def measure(model, held):
    """Shares of held-out synthetic examples answered exactly: of those with an answer, and of those without."""
    good, count = torch.zeros(2), torch.zeros(2)
    model.eval()
    with torch.no_grad():
        for batch in held:
            logits = losses(model, batch, False)[4]
            wrong = torch.zeros(batch.size).index_add_(0, batch.rows, (logits.argmax(-1) != batch.target).float())
            for kind in (0, 1):
                mine = (batch.right == 3) == bool(kind)
                good[kind] += (wrong[mine] == 0).sum()
                count[kind] += mine.sum()
    model.train()
    return (good / count.clamp(min=1)).tolist()


def average_gradients(model, workers):
    """Sums the gradients of all workers and divides; one flat message a step."""
    parameters = [p for p in model.parameters() if p.grad is not None]
    flat = torch.cat([p.grad.flatten() for p in parameters])
    distributed.all_reduce(flat)
    for parameter, grad in zip(parameters, flat.div_(workers).split([p.numel() for p in parameters])):
        parameter.grad.copy_(grad.view_as(parameter))


def work(rank, choice):
    """One worker: its own stream of examples, the same weights. Worker 0 reports and saves."""
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{choice.out.resolve()}/meeting", rank=rank, world_size=choice.workers)
    torch.manual_seed(choice.seed)
    bpe = build_vocabulary.load()
    model = Guide(Shape(vocabulary=len(bpe.tokens)))
    if choice.start:
        model.load_state_dict(torch.load(choice.start)["model"])
    forbidden = evaluation_questions()
    generator, holder = Generator(bpe, choice.seed + 100 * rank, forbidden), Generator(bpe, choice.seed + 1, forbidden)
    generator.stage, holder.stage = choice.stage, 2
    held = [batch for batch, _ in zip(batches(holder, choice.tokens), range(12))] if rank == 0 else []
    matrices, vectors = [p for p in model.parameters() if p.dim() > 1], [p for p in model.parameters() if p.dim() < 2]
    optimiser = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.02}, {"params": vectors, "weight_decay": 0.0}], betas=(0.9, 0.97))
    smooth, began, stream, since = torch.full((4,), 9.0), time.time(), batches(generator, choice.tokens), 0
    elapsed = 0.0
    for step in range(choice.steps):
        progress = max(step / choice.steps, elapsed / (60 * choice.minutes))
        if progress >= 1:
            break
        rate = choice.rate * min(1, (step + 1) / 60) * (0.04 + 0.96 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        guiding = max(0.05, 0.3 * (1 - step / choice.guided_steps))
        answer, first, probe, guide, _ = losses(model, next(stream), step < choice.guided_steps)
        (answer + 0.5 * first + 0.5 * probe + guiding * guide).backward()
        average_gradients(model, choice.workers)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        now = torch.cat([torch.stack([answer, first, probe, guide]).detach(), torch.tensor([time.time() - began])])
        distributed.all_reduce(now)
        smooth, since, elapsed = 0.95 * smooth + 0.05 * now[:4] / choice.workers, since + 1, float(now[4]) / choice.workers
        # The next stage begins when this one is nearly solved, or after a while.
        if generator.stage < 2 and since > 60 and (smooth[0] < 0.25 or since > 400):
            generator.stage, since = generator.stage + 1, 0
            rank or print("stage", generator.stage, "from step", step + 1, flush=True)
        if rank == 0 and step % 25 == 24:
            print(step + 1, f"{time.time() - began:.0f}s", "answer %.3f first %.3f probe %.3f guide %.3f" % tuple(smooth.tolist()), flush=True)
        if rank == 0 and step % 250 == 249:
            save(model, held, step + 1, choice.out)
    if rank == 0:
        save(model, held, step + 1, choice.out)


def save(model, held, step, folder):
    """Measures and writes a checkpoint."""
    torch.save({"model": model.state_dict(), "shape": vars(model.shape), "step": step}, folder / "latest.pt")
    print("held out: answered %.3f refused %.3f" % tuple(measure(model, held)), flush=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--steps", type=int, default=6000)
    options.add_argument("--minutes", type=float, default=1e9, help="end earlier than --steps, with the rate run down, when this much time is over")
    options.add_argument("--tokens", type=int, default=2800, help="tokens a batch and worker")
    options.add_argument("--rate", type=float, default=2e-3)
    options.add_argument("--seed", type=int, default=20261122)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--out", type=Path, default=HERE / "checkpoints")
    options.add_argument("--from", dest="start", type=Path, help="go on from a checkpoint")
    options.add_argument("--stage", type=int, default=0, help="stage to begin with: 0, 1 or 2")
    options.add_argument("--guided-steps", type=int, default=1200)
    choice = options.parse_args()
    choice.out.mkdir(parents=True, exist_ok=True)
    (choice.out / "meeting").unlink(missing_ok=True)
    # OpenBLAS must not start threads of its own beside the workers: its locks cost more than they give.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    multiprocessing.start_processes(work, (choice,), choice.workers, start_method="spawn")


if __name__ == "__main__":
    main()
