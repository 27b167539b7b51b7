"""Trains the descriptors of a model on, on processors: pairs from a pool, products in bf16, only sampled pixels described.

    python -m train.pool POOL --textures textures.npz &
    python -m train.refine train/plans/refine-cpu.json --start ../models/mast3r-small --pool POOL --run runs/refined --minutes 80

The rate falls to its last value over the last `cool` share of the time, wherever the machine has got to by then. `log.csv`
and `checkpoint.safetensors` (weights, their average and the optimiser's moments) go to the run folder; starting again with
it resumes. Encoder blocks beyond those of the start begin as the identity.
"""
from __future__ import annotations

import argparse
import dataclasses
import json
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from network import NetworkConfig, init_weights, read_config, write_config
from network.blocks import norm
from network.rope import rope_table
from .curve import append_row
from .growth import prepare_encoder_blocks
from .pool import Pool
from .views import Views, draw

HEAD = "downstream_head1.head_local_features."


@dataclasses.dataclass
class RefinePlan:
    enc_depth: int = 3
    seed: int = 5
    learning_rate: float = 1.2e-4
    last_rate: float = 2e-6
    warm_up: int = 100
    cool: float = 0.5
    weight_decay: float = 0.02
    average: float = 0.998
    sizes: tuple = ((160, 208, 2), (208, 160, 2), (240, 320, 1))  # height, width, pairs: in turn, one a step
    correspondences: int = 640
    negatives: int = 896
    hopeless: float = 0.02  # pixels whose partner has a probability below are all but left alone
    temperature: float = 0.05
    apart: float = 2.0  # pixels; what is nearer to the truth is no negative
    strength: float = 0.5  # of changes of appearance
    turned: float = 0.2  # share of views with a large in-plane rotation

    @staticmethod
    def read(path) -> "RefinePlan":
        return RefinePlan(**json.loads(Path(path).read_text()))


def deeper(weights: dict[str, Tensor], network: NetworkConfig, depth: int, seed: int) -> tuple[dict[str, Tensor], NetworkConfig]:
    """The same function with more encoder blocks, which add nothing yet; their heads look at neighbours as the others did."""
    grown = dataclasses.replace(network, enc_depth=depth)
    out = {**init_weights(grown, seed), **weights}
    out = {k: v for k, v in out.items() if k in weights or k.startswith("enc_blocks.")}
    prepare_encoder_blocks(out, network, grown)
    return out, grown


class Half:
    """The weights in bf16, cast once a step."""

    def __init__(self, weights: dict[str, Tensor]):
        self.weights, self.cast = weights, {}

    def linear(self, name: str, x: Tensor) -> Tensor:
        if name not in self.cast:
            self.cast[name] = self.weights[name + ".weight"].bfloat16(), self.weights[name + ".bias"].bfloat16()
        return F.linear(x, *self.cast[name])


def turn(t: Tensor, rope: tuple[Tensor, Tensor]) -> Tensor:
    """RoPE as `network.rope.rotate`, without writing in place."""
    pairs = t.unflatten(-1, (2, 2, t.shape[-1] // 4))
    return (pairs * rope[0] + pairs.flip(-2) * rope[1]).flatten(-3)


def encode(half: Half, network: NetworkConfig, images: Tensor) -> Tensor:
    """Encoder tokens [B, N, C] in fp32 of byte images [B, H, W, 3]: the network's own, with products in bf16."""
    w, p, heads = half.weights, network.patch_size, network.enc_num_heads
    b, height, width, _ = images.shape
    rows, columns = height // p, width // p
    patches = images.view(b, rows, p, columns, p, 3).permute(0, 1, 3, 5, 2, 4).reshape(b, rows * columns, 3 * p * p)
    kernel = w["patch_embed.proj.weight"]
    x = F.linear(patches.float() / 127.5 - 1, kernel.flatten(1), w["patch_embed.proj.bias"])
    rope = rope_table(rows, columns, x.shape[2] // heads, network.rope_base, x.device)
    for i in range(network.enc_depth):
        name = f"enc_blocks.{i}"
        qkv = half.linear(name + ".attn.qkv", norm(w, name + ".norm1", x).bfloat16()).float()
        q, k, v = qkv.unflatten(2, (3, heads, -1)).permute(2, 0, 3, 1, 4).contiguous()
        mixed = F.scaled_dot_product_attention(turn(q, rope), turn(k, rope), v).transpose(1, 2).flatten(2)
        x = x + half.linear(name + ".attn.proj", mixed.bfloat16())
        hidden = F.gelu(half.linear(name + ".mlp.fc1", norm(w, name + ".norm2", x).bfloat16()))
        x = x + half.linear(name + ".mlp.fc2", hidden)
    return norm(w, "enc_norm", x)


def describe(half: Half, network: NetworkConfig, tokens: Tensor, index: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Descriptors [B, N, D] and confidences [B, N] of the pixels `index` [B, N]."""
    p, d = network.patch_size, network.desc_dim
    b, n, c = tokens.shape
    weight, bias = half.weights[HEAD + "fc1.weight"], half.weights[HEAD + "fc1.bias"]
    hidden = F.gelu(F.linear(tokens.bfloat16(), weight[:, :c].bfloat16(), bias.bfloat16()))
    every = half.linear(HEAD + "fc2", hidden).view(b * n, d + 1, p * p)
    y, x = index // width, index % width
    token = y // p * (width // p) + x // p + n * torch.arange(b)[:, None]
    raw = every[token.flatten(), :, (y % p * p + x % p).flatten()].float().view(*index.shape, d + 1)
    return F.normalize(raw[..., :d], dim=-1), raw[..., d].exp()


def one_direction(queries: Tensor, keys: Tensor, own: Tensor, places: Tensor, temperature: float, apart: float):
    """InfoNCE of M queries whose partners are the first M of the keys at `places` [N, 2]; log probability and hit of each."""
    count = len(queries)
    score = (queries / temperature) @ keys.T
    far = places.square().sum(1)[None] - 2 * own @ places.T + own.square().sum(1)[:, None]
    mask = far < apart * apart
    mask[:, :count].fill_diagonal_(False)
    score = score.masked_fill(mask, -1e4)
    return score[:, :count].diagonal() - score.logsumexp(1), score.argmax(1) == torch.arange(count)


def matching_loss(descriptors: Tensor, confidence: Tensor, views: Views, width: int, plan: RefinePlan, alpha: float = 10.0):
    """The paper's confidence-weighted symmetric InfoNCE, of -log(p + hopeless); plain InfoNCE; share of mutual hits.

    Pixels that no one can tell apart, on blank walls and repeated tiles, are thus all but left alone.
    """
    losses, plains, hits = [0.0 * descriptors.sum()], [], []
    for b in range(views.true.shape[0]):
        count = int(views.true[b].sum())
        if count < 8:
            continue
        keep = torch.cat([torch.arange(count), torch.arange(views.true.shape[1], views.index.shape[2])])
        index = views.index[:, b, keep]
        places = torch.stack([index % width, index // width], -1).float()
        a, o = descriptors[0, b, keep], descriptors[1, b, keep]
        forth, hit_a = one_direction(a[:count], o, places[1, :count], places[1], plan.temperature, plan.apart)
        back, hit_b = one_direction(o[:count], a, places[0, :count], places[0], plan.temperature, plan.apart)
        quality = (confidence[0, b, :count] + confidence[1, b, :count]) / 2
        loss = -(forth.exp() + plan.hopeless).log() - (back.exp() + plan.hopeless).log()
        losses.append((loss * quality - alpha * quality.log()).mean())
        plains.append(-(forth + back).mean().detach())
        hits.append((hit_a & hit_b).float().mean())
    mean = lambda values: sum(values).item() / len(values) if values else math.nan
    return sum(losses) / max(1, len(losses) - 1), mean(plains), mean(hits)


class Refinement:
    def __init__(self, plan: RefinePlan, start: Path, run: Path):
        self.plan, self.run = plan, Path(run)
        self.run.mkdir(parents=True, exist_ok=True)
        weights = {k: v.float() for k, v in load_file(Path(start) / "model.safetensors").items()}
        self.weights, self.network = deeper(weights, read_config(Path(start) / "config.json"), plan.enc_depth, plan.seed)
        self.names = [k for k in self.weights if k.startswith(("patch_embed", "enc_", HEAD))]
        self.average = {k: self.weights[k].clone() for k in self.names}
        self.step, self.seconds, self.met = 0, 0.0, 0.0
        stored, path = {}, self.run / "checkpoint.safetensors"
        if path.exists():
            stored = load_file(path)
            with safe_open(path, "pt") as file:
                state = json.loads(file.metadata()["state"])
            self.step, self.seconds = state["step"], state["seconds"]
            for name in self.names:
                self.weights[name], self.average[name] = stored["weight." + name], stored["average." + name]
        for name in self.names:
            self.weights[name].requires_grad_(True)
        groups = [{"params": [self.weights[n] for n in self.names if (self.weights[n].dim() > 1) == many], "weight_decay": decay}
                  for many, decay in ((True, plan.weight_decay), (False, 0.0))]
        self.optimiser = torch.optim.AdamW(groups, lr=plan.learning_rate, betas=(0.9, 0.99), foreach=True)
        for name in self.names:
            if "first." + name in stored:
                self.optimiser.state[self.weights[name]] = {"step": torch.tensor(float(self.step)), "exp_avg": stored["first." + name],
                                                            "exp_avg_sq": stored["second." + name]}

    def advance(self, pool: Pool, ready, left: float) -> dict[str, float]:
        """One step; `left` is the share of the time that is left."""
        began = time.time()
        plan = self.plan
        rate = plan.learning_rate * min(1.0, (self.step + 1) / plan.warm_up, left / plan.cool)
        rate = max(rate, plan.last_rate)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        seed = plan.seed * 1_000_003 + self.step
        height, width, batch = plan.sizes[self.step % len(plan.sizes)]
        views = draw(pool, ready, seed, batch, height, width, plan.correspondences, plan.negatives, plan.strength, plan.turned)
        loaded = time.time()
        half = Half(self.weights)
        tokens = encode(half, self.network, views.images.flatten(0, 1))
        descriptors, confidence = describe(half, self.network, tokens, views.index.flatten(0, 1), width)
        loss, plain, hit = matching_loss(descriptors.unflatten(0, (2, -1)), confidence.unflatten(0, (2, -1)), views, width, plan)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        length = torch.nn.utils.clip_grad_norm_([self.weights[n] for n in self.names], 1.0)
        if torch.isfinite(length):
            self.optimiser.step()
        self.step += 1
        keep = min(plan.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_([self.average[n] for n in self.names], [self.weights[n] for n in self.names], 1 - keep)
        self.seconds += time.time() - began
        return {"step": self.step, "minutes": self.seconds / 60, "lr": rate, "loss": loss.item(), "nce": plain, "hit": hit,
                "norm": length.item(), "data_s": loaded - began, "s": time.time() - began}

    def save(self) -> None:
        tensors = {}
        for name in self.names:
            state = self.optimiser.state.get(self.weights[name], {})
            tensors |= {"weight." + name: self.weights[name].detach(), "average." + name: self.average[name]}
            if state:
                tensors |= {"first." + name: state["exp_avg"], "second." + name: state["exp_avg_sq"]}
        fresh = self.run / "checkpoint.new"
        save_file(tensors, fresh, metadata={"state": json.dumps({"step": self.step, "seconds": self.seconds})})
        fresh.replace(self.run / "checkpoint.safetensors")

    def meet(self, other: Path) -> None:
        """Takes the mean with another run of the same plan that goes on beside this one, as it was last saved."""
        path = Path(other) / "checkpoint.safetensors"
        if not path.exists() or path.stat().st_mtime == self.met:
            return
        self.met = path.stat().st_mtime
        stored = load_file(path)
        with torch.no_grad():
            for name in self.names:
                self.weights[name].lerp_(stored["weight." + name], 0.5)
                self.average[name].lerp_(stored["average." + name], 0.5)

    def export(self, target: Path) -> None:
        """Writes the average as model.safetensors (fp16, checkpoint names) and config.json."""
        target.mkdir(parents=True, exist_ok=True)
        weights = {**self.weights, **self.average}
        weights |= {k.replace("head1", "head2"): v for k, v in self.average.items() if k.startswith(HEAD)}
        save_file({k: v.detach().half().contiguous() for k, v in sorted(weights.items())}, target / "model.safetensors",
                  metadata={"format": "pt"})
        (target / "model.safetensors").chmod(0o644)
        write_config(self.network, target / "config.json")

    def log(self, row: dict[str, float]) -> None:
        append_row(self.run / "log.csv", list(row), row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--start", type=Path, required=True, help="a model folder")
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="of this run, all its parts together")
    parser.add_argument("--seed", type=int, help="instead of the plan's")
    parser.add_argument("--beside", type=Path, help="run folder of another process with another seed: both take means now and then")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--export", type=Path, help="write the averaged model there instead of training")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    plan = RefinePlan.read(args.plan)
    if args.seed is not None:
        plan.seed = args.seed
    refinement = Refinement(plan, args.start, args.run)
    if args.export:
        if args.beside:
            refinement.meet(args.beside)
        refinement.export(args.export)
        print(f"step {refinement.step}, {refinement.seconds / 60:.1f} min")
        return
    pool = Pool(args.pool)
    rows, clock = [], time.time() - refinement.seconds
    while (left := 1 - (time.time() - clock) / (60 * args.minutes)) > 0:
        if refinement.step % 50 == 0 or not rows:
            ready = pool.filled()
        rows.append(refinement.advance(pool, ready, left))
        if refinement.step % 20 == 0:
            known = {k: [r[k] for r in rows if math.isfinite(r[k])] for k in rows[0]}
            mean = {k: sum(v) / max(1, len(v)) for k, v in known.items()} | {k: rows[-1][k] for k in ("step", "minutes", "lr")}
            refinement.log(mean)
            print(" ".join(f"{k} {v:.4g}" for k, v in mean.items()), flush=True)
            rows = []
        if refinement.step % 25 == 0:
            refinement.save()
            if args.beside:
                refinement.meet(args.beside)
    refinement.save()


if __name__ == "__main__":
    main()
