"""Trains a small model on rendered pairs. Resumable at any checkpoint; a run is fixed by its configuration.

    python -m train.training train/plans/small-cpu.json --textures textures.npz --run runs/small

The run folder gets `log.csv` and `checkpoint/` (shards of safetensors below 16 MiB and `state.json`). Starting again with the
same folder resumes. The data of a step depend on (seed, step) alone, so an interrupted run equals an uninterrupted one.
"""
from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import shutil
import time
from contextlib import nullcontext
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from .classical import Compressed, histograms
from .curve import append_row
from .initialise import calibrate, fit_descriptors, structured_weights
from .losses import gather, matching, metric_kinds, regression, sample_correspondences
from .growth import grown
from network import NetworkConfig, decode_layers, encode_pixels, init_weights, kept_layers, normalise, predict, read_config
from .pairs import Pairs, make_pairs
from .scenes import Dice
from .textures import Atlas

SHARD_BYTES = 15 * 2 ** 20


@dataclasses.dataclass
class Stage:
    """What holds until step `until`; loss weights of zero switch a term off."""

    until: int
    height: int = 160
    width: int = 160
    batch: int = 8
    hardness: float = 0.5
    photo_share: float = 0.5
    change: float = 0.7
    bare_rooms: float = 0.0  # share of the rooms whose walls have no texture
    distil: float = 0.0
    match: float = 1.0
    points: float = 0.0
    decoders: bool = False  # run them although no points are asked for
    temperature: float = 0.07
    weighted: bool = False
    hopeless: float = 0.0  # of the matching loss: a probability below which a pixel hardly counts
    rate: float = 1.0  # factor on the plan's learning rate
    reuse: int = 1  # times that the same scenes are seen, views swapped and disturbed anew
    render: int = 1  # batches that are rendered at once: on a GPU more pairs cost hardly more time
    degrade: float = 0.0  # share of the images that lose detail, by coarse pixels or by motion
    portrait: bool = False  # every other rendering has height and width exchanged


@dataclasses.dataclass
class Plan:
    network: NetworkConfig
    stages: list[Stage]
    seed: int = 0
    learning_rate: float = 1e-3
    final_learning_rate: float = 1e-5
    warm_up: int = 50
    weight_decay: float = 0.05
    clip: float = 1.0
    beta2: float = 0.95
    average: float = 0.998
    correspondences: int = 512
    negatives: int = 768
    structured: bool = True
    tie_descriptors: bool = True
    bf16: bool = False
    checkpoint_every: int = 200
    fit_batches: int = 8  # for the first fit of the descriptors to the classical ones
    minutes: float = 0.0  # if given, the plan's length: the position in the plan is at least the share of them that is spent

    @staticmethod
    def read(path) -> "Plan":
        values = json.loads(Path(path).read_text())
        network = {k: tuple(v) if isinstance(v, list) else v for k, v in values.pop("network").items()}
        stages = [Stage(**s) for s in values.pop("stages")]
        return Plan(network=NetworkConfig(**network), stages=stages, **values)

    def stage(self, step: int) -> Stage:
        return next((s for s in self.stages if step < s.until), self.stages[-1])

    def rate(self, step: int) -> float:
        if step < self.warm_up:
            return self.learning_rate * (step + 1) / self.warm_up
        part = min(1.0, (step - self.warm_up) / max(1, self.stages[-1].until - self.warm_up))
        return self.final_learning_rate + (self.learning_rate - self.final_learning_rate) * 0.5 * (1 + math.cos(math.pi * part))


def forward(weights: dict[str, Tensor], arch, image_a: Tensor, image_b: Tensor, points: bool = True, descriptors: bool = True,
            decoders: bool = True):
    """Both sides' predictions of pairs of byte images [B, H, W, 3] of one size, and the descriptor MLP's input of side A.

    Without `decoders` their output counts as zero, which is exact while the descriptor MLP ignores it.
    """
    b, h, w, _ = image_a.shape
    features = encode_pixels(weights, arch, normalise(torch.cat([image_a, image_b])))
    if decoders:
        layers_a, layers_b = decode_layers(weights, arch, features[:b], features[b:], h, w, h, w, kept_layers(arch, points))
    else:
        nothing = features.new_zeros(b, features.shape[1], weights["dec_norm.weight"].shape[0])
        layers_a, layers_b = [features[:b], nothing], [features[b:], nothing]
    out = []
    with torch.autocast(image_a.device.type, enabled=False):
        for side, layers in ((1, layers_a), (2, layers_b)):
            out.append(predict(weights, arch, side, [x.float() for x in layers], h, w, points, descriptors))
    return out[0], out[1], torch.cat([layers_a[0], layers_a[-1]], 2)


TIED = "downstream_head2.head_local_features."


class Training:
    def __init__(self, plan: Plan, atlas: Atlas, run: Path, device="cpu", model: Path | None = None):
        """Starts from the weights of a `model` folder, grown to the plan's network, or from none."""
        self.plan, self.atlas, self.run, self.device = plan, atlas, Path(run), device
        self.arch = plan.network.architecture()
        self.run.mkdir(parents=True, exist_ok=True)
        self.step, self.seconds = 0, 0.0
        self.rendered: Pairs | None = None
        self.rendered_for: tuple[int, Stage] | None = None  # from which step on, and in which stage
        self.moments: dict[str, Tensor] = {}
        if model is not None:
            start = grown(load_file(model / "model.safetensors"), read_config(model / "config.json"), plan.network, plan.seed)
        else:
            start = (structured_weights if plan.structured else init_weights)(plan.network, plan.seed)
        self.weights = {k: v.to(device).contiguous() for k, v in start.items()}
        self.target = None
        resumed = (self.run / "checkpoint" / "state.json").exists()
        if resumed:
            self.restore()
        if self.target is None and any(s.distil > 0 and s.until > self.step for s in plan.stages):
            self.prepare_target(fit=plan.structured and not resumed and model is None)
        if not resumed:
            self.average = {k: v.clone() for k, v in self.weights.items()}
        self.adopt()

    def prepare_target(self, fit: bool) -> None:
        """Principal directions of the classical descriptors, and the first fit of the last descriptor layer to them."""
        first = self.plan.stages[0]
        seed = self.plan.seed + 77
        generator = torch.Generator().manual_seed(seed)
        images, samples = [], []
        for k in range(self.plan.fit_batches):
            pairs = make_pairs(Dice(seed + k, self.device), self.atlas, first.batch, first.height, first.width, 0.5, 0.6, 0.7)
            images.append(torch.cat([pairs.image_a, pairs.image_b]))
            index_a, index_b, true = sample_correspondences(pairs, 400, generator, near=0.0)
            samples.append((gather(histograms(pairs.image_a), index_a)[true], gather(histograms(pairs.image_b), index_b)[true]))
        self.target = Compressed(*(torch.cat(s) for s in zip(*samples)), self.plan.network.desc_dim)
        if fit:
            calibrate(self.weights, self.plan.network, images[0])
            with torch.no_grad():
                tokens = [forward(self.weights, self.arch, *x.chunk(2), points=False, decoders=False)[2] for x in images]
            reached = fit_descriptors(self.weights, self.plan.network, torch.cat(tokens),
                                      torch.cat([self.target(x.chunk(2)[0]) for x in images]))
            print(f"descriptor layer fitted: mean cosine {reached:.3f}", flush=True)

    def adopt(self) -> None:
        """Makes parameters of the weights and an optimiser for them; keeps the optimiser's state when there is one."""
        decay, plain = [], []
        self.names = []
        for name, value in self.weights.items():
            if name == "mask_token" or (self.plan.tie_descriptors and name.startswith(TIED)):
                continue
            value.requires_grad_(True)
            (decay if value.dim() > 1 else plain).append(name)
        self.names = decay + plain
        if self.plan.tie_descriptors:
            for name in self.weights:
                if name.startswith(TIED):
                    self.weights[name] = self.weights[name.replace("head2", "head1")]
        self.optimiser = torch.optim.AdamW(
            [{"params": [self.weights[n] for n in decay], "weight_decay": self.plan.weight_decay},
             {"params": [self.weights[n] for n in plain], "weight_decay": 0.0}], lr=1e-3, betas=(0.9, self.plan.beta2),
            fused=self.weights[self.names[0]].is_cuda)
        for name in self.names:
            if "first." + name in self.moments:
                self.optimiser.state[self.weights[name]] = {
                    "step": self.moments["count." + name], "exp_avg": self.moments["first." + name],
                    "exp_avg_sq": self.moments["second." + name]}
        self.moments = {}

    def position(self) -> int:
        """Where in the plan the next step lies."""
        if not self.plan.minutes:
            return self.step
        return max(self.step, int(self.seconds / (60 * self.plan.minutes) * self.plan.stages[-1].until))

    def pairs(self, stage: Stage) -> Pairs:
        """The next batch: one of the `render` that are rendered at once, seen for the first or the next of `reuse` times."""
        number = self.step % (stage.render * stage.reuse)
        first = self.step - number
        if self.rendered is None or self.rendered_for != (first, stage):
            height, width = stage.height, stage.width
            if stage.portrait and first // (stage.render * stage.reuse) % 2:
                height, width = width, height
            dice = Dice(self.plan.seed * 1_000_003 + 17 + first, self.device)
            self.rendered = make_pairs(dice, self.atlas, stage.batch * stage.render, height, width, stage.hardness,
                                       stage.photo_share, stage.change, stage.reuse, stage.bare_rooms, stage.degrade)
            self.rendered_for = first, stage
        return self.rendered.version(number // stage.render).part(number % stage.render, stage.render)

    def advance(self) -> dict[str, float]:
        """One step; returns what the log shows."""
        began = time.time()
        stage = self.plan.stage(self.position())
        rate = stage.rate * self.plan.rate(self.position())
        pairs = self.pairs(stage)
        loaded = time.time()
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        generator = torch.Generator(self.device).manual_seed(self.plan.seed * 1_000_003 + 5_000_011 + self.step)
        autocast = torch.autocast(str(self.device), torch.bfloat16) if self.plan.bf16 else nullcontext()
        with autocast:
            a, b, _ = forward(self.weights, self.arch, pairs.image_a, pairs.image_b, stage.points > 0,
                              decoders=stage.decoders or stage.points > 0)
        row = {"step": self.step, "lr": rate}
        loss = 0.0
        if stage.match > 0:
            match, plain, hit = matching(
                a["descriptors"], b["descriptors"], a["descriptor_confidence"], b["descriptor_confidence"], pairs,
                self.plan.correspondences, self.plan.negatives, stage.temperature, generator, stage.weighted,
                hopeless=stage.hopeless)
            loss = loss + stage.match * match
            row |= {"nce": plain.item(), "hit": hit.item()}
        if stage.distil > 0:
            distil = 1 - (a["descriptors"] * self.target(pairs.image_a)).sum(-1).mean()
            loss = loss + stage.distil * distil
            row["distil"] = distil.item()
        if stage.points > 0:
            points, error = regression(a["points"], b["points"], a["point_confidence"], b["point_confidence"], pairs,
                                       metric_kinds(pairs.kinds))
            loss = loss + stage.points * points
            row["points"] = error.item()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_([self.weights[n] for n in self.names], self.plan.clip)
        if torch.isfinite(norm):
            self.optimiser.step()
        self.step += 1
        decay = min(self.plan.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_([self.average[n] for n in self.names], [self.weights[n].detach() for n in self.names], 1 - decay)
        self.seconds += time.time() - began
        return row | {"loss": loss.item(), "norm": norm.item(), "data_s": loaded - began, "s": time.time() - began}

    @staticmethod
    def average_of(run: Path) -> dict[str, Tensor]:
        """The averaged weights of a run's checkpoint, by the names of the network; tied ones twice."""
        out = {}
        for shard in sorted((Path(run) / "checkpoint").glob("*.safetensors")):
            out |= {k.removeprefix("average."): v for k, v in load_file(shard).items() if k.startswith("average.")}
        for name in list(out):
            if name.startswith(TIED.replace("head2", "head1")):
                out.setdefault(name.replace("head1", "head2"), out[name])
        return out

    def save(self, leave: Path | None = None) -> None:
        """Writes weights, average and moments to shards, then swaps the folder in; and to `leave` what export.py needs, in
        fp16: all that there is room for where files leave a machine with a GPU."""
        if leave is not None:
            halves = {"average." + name: self.average[name].detach().half() for name in self.names}
            self.write(leave / "checkpoint", halves)
        tensors = {}
        for name in self.names:
            state = self.optimiser.state.get(self.weights[name], {})
            tensors["weight." + name] = self.weights[name].detach()
            tensors["average." + name] = self.average[name]
            if state:
                tensors["first." + name], tensors["second." + name] = state["exp_avg"], state["exp_avg_sq"]
                tensors["count." + name] = state["step"]
        if self.target is not None:  # its axes have arbitrary signs: kept, not computed again
            tensors |= {"target.mean": self.target.mean, "target.matrix": self.target.matrix}
        self.write(self.run / "checkpoint", tensors)

    def write(self, current: Path, tensors: dict[str, Tensor]) -> None:
        """Shards of tensors and the run's state, whole or not at all."""
        fresh, last = current.with_name(current.name + ".new"), current.with_name(current.name + ".old")
        for folder in (fresh, last):
            shutil.rmtree(folder, ignore_errors=True)
        fresh.mkdir(parents=True)
        shard, size, number = {}, 0, 0
        for name, value in tensors.items():
            bytes_ = value.numel() * value.element_size()
            if shard and size + bytes_ > SHARD_BYTES:
                save_file(shard, fresh / f"{number:03d}.safetensors")
                shard, size, number = {}, 0, number + 1
            shard[name] = value.contiguous().cpu()
            size += bytes_
        save_file(shard, fresh / f"{number:03d}.safetensors")
        (fresh / "state.json").write_text(json.dumps({"step": self.step, "seconds": round(self.seconds, 1)}))
        if current.exists():
            os.rename(current, last)
        os.rename(fresh, current)
        shutil.rmtree(last, ignore_errors=True)

    def restore(self) -> None:
        folder = self.run / "checkpoint"
        state = json.loads((folder / "state.json").read_text())
        self.step, self.seconds = state["step"], state["seconds"]
        stored = {}
        for shard in sorted(folder.glob("*.safetensors")):
            stored |= load_file(shard, device=str(self.device))
        self.average = {k: v.clone() for k, v in self.weights.items()}
        for name, value in stored.items():
            kind, tensor = name.split(".", 1)
            if kind == "weight":
                self.weights[tensor] = value
            elif kind == "average":
                self.average[tensor] = value
        if "target.matrix" in stored:
            self.target = Compressed.restored(stored["target.mean"], stored["target.matrix"])
        self.moments = {k: v for k, v in stored.items() if k.startswith(("first.", "second.", "count."))}

    def log(self, row: dict[str, float]) -> None:
        columns = ["step", "lr", "loss", "nce", "hit", "distil", "points", "norm", "data_s", "s"]
        append_row(self.run / "log.csv", columns, row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--textures", type=Path, help="packed by textures.py; without it procedural textures only")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--start", type=Path, help="a model folder whose weights are grown to the plan's network")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after this time")
    parser.add_argument("--leave", type=Path, help="also write the averaged weights there, to be exported elsewhere")
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.backends.cuda.matmul.allow_tf32 = True
    plan = Plan.read(args.plan)
    atlas = Atlas.load(args.textures, device=args.device) if args.textures else Atlas.tiny()
    training = Training(plan, atlas, args.run, args.device, args.start)
    began, rows = time.time(), []
    last = plan.stages[-1].until
    print(f"{sum(v.numel() for v in training.weights.values()) / 1e6:.2f} M parameters, step {training.step} of {last}", flush=True)
    while training.position() < last and time.time() - began < 60 * args.minutes:
        rows.append(training.advance())
        if training.step % 20 == 0:
            mean = {k: sum(r[k] for r in rows if k in r) / sum(k in r for r in rows) for k in rows[-1]}
            mean["step"] = training.step
            training.log(mean)
            print(" ".join(f"{k} {v:.4g}" for k, v in mean.items()), flush=True)
            rows = []
        if training.step % plan.checkpoint_every == 0:
            training.save(args.leave)
    training.save(args.leave)


if __name__ == "__main__":
    main()
