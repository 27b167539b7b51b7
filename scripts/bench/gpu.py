"""Measures the exported network on a GPU (or, in miniature, on a CPU) without Java: the code-only archive and weights.

    python scripts/bench/gpu.py --precisions bf16,fp16,fp32 --json out.json   full size, random weights, 512x384
    python scripts/bench/gpu.py --model models/mast3r-small --images a.png b.png --size 448x304
    python scripts/bench/gpu.py --device cpu --toy                            the same program in seconds, for its test

First a photo's way to the network's size. For each precision and batch: seconds, FLOPs and share of the matrix speed that
this machine was measured to have in that precision, and the peak memory, for each stage; the first calls of a fresh shape,
the whole network replayed as a CUDA graph, and how often it waits for the device. Then matching by size of run, the plain
implementation (eager, attention by two products, fp32 and TF32) in the same run, what bf16 and fp16 change (descriptor
cosine, matches within 1 px of those in fp32), the attention that a profile saw and the kernels that took longest; last the
figures asked for. A pair is two images: the encoder sees both. GPU.md says what to run on a GPU, and in which order. Needs
torch 2.7 or newer, and pillow for --images.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import math
import resource
import sys
import struct
import time
import warnings
from pathlib import Path
from typing import Callable, Dict, List, Tuple

import torch
from torch.utils.flop_counter import FlopCounterMode

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import network  # noqa: E402
from network import blocks, matching  # noqa: E402

ARCHIVE = ROOT / "src/main/resources/dev/mast3r/model/network.pt"
DTYPES = {"fp32": torch.float32, "tf32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
KERNEL_WORDS = ("scaled_dot_product", "flash", "fmha", "efficient_attention", "cudnn_attention")
STAGES = ("encode", "decoders", "heads", "match")

Weights = Dict[str, torch.Tensor]
Size = Tuple[int, int]  # height, width


def product_flops(total: List[int], a: List[int], b: List[int], **_: object) -> int:
    return 2 * a[0] * a[1] * b[1]


IN_PLACE = {torch.ops.aten.addmm_: product_flops}  # the counter knows the product that makes a tensor of its own


class Timer:
    """Seconds of a call, the median of some, on a device that works behind the caller's back."""

    def __init__(self, device: torch.device, runs: int) -> None:
        self.device = device
        self.runs = runs

    def wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def seconds(self, call: Callable[[], object]) -> float:
        for _ in range(2):
            call()
        times = []
        for _ in range(self.runs):
            self.wait()
            start = time.perf_counter()
            call()
            self.wait()
            times.append(time.perf_counter() - start)
        return sorted(times)[len(times) // 2]


def load_archive(weights: Weights, config: network.NetworkConfig, precision: str):
    """The archive as Java loads it; where this torch can no longer read it, its source run eagerly."""
    try:
        module = torch.jit.load(io.BytesIO(ARCHIVE.read_bytes()))
    except (RuntimeError, AttributeError) as e:
        print(f"the archive cannot be loaded, so its source runs eagerly: {e}", flush=True)
        module = network.PairNetwork()
    module.put(weights, *config.architecture(), precision)
    return module


def plain(weights: Weights, config: network.NetworkConfig) -> network.PairNetwork:
    module = network.PairNetwork()
    module.put(weights, *config.architecture(), "fp32")
    return module


def matmul_attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    scores = torch.matmul(q, k.transpose(-2, -1)) * q.size(-1) ** -0.5
    return torch.matmul(scores.softmax(-1), v).transpose(1, 2).flatten(2)


@contextlib.contextmanager
def attention_by_products():
    fused = blocks.attend
    blocks.attend = matmul_attention
    try:
        yield
    finally:
        blocks.attend = fused


@contextlib.contextmanager
def tf32(allowed: bool):
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = allowed
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


def matches(module, maps: Dict[str, torch.Tensor], pair: int, subsample: int) -> torch.Tensor:
    """Matched pixels [2, M] of one pair of a batch, and with them their confidences."""
    names = ("descriptors_a", "descriptors_b", "descriptor_confidence_a", "descriptor_confidence_b")
    everything = torch.empty([0], dtype=torch.uint8, device=maps["descriptors_a"].device)
    return module.match(*(maps[name] for name in names), everything, everything, pair, subsample, False)[0]


def stages(module, a: torch.Tensor, b: torch.Tensor, subsample: int) -> Dict[str, Callable[[], object]]:
    """One call a stage over the whole batch, each over the last one's result."""
    size = (*a.shape[1:3], *b.shape[1:3])
    both = torch.cat([a, b])
    count = a.size(0)
    with torch.no_grad():
        features = module.encode(both)
        fa, fb = features[:count], features[count:]
        layers = module.decoders(fa, fb, *size, True)
        maps = module.heads(layers, *size, True, True)
    calls = {
        "encode": lambda: module.encode(both),
        "decoders": lambda: module.decoders(fa, fb, *size, True),
        "heads": lambda: module.heads(layers, *size, True, True),
    }
    if "descriptors_a" in maps:
        calls["match"] = lambda: [matches(module, maps, i, subsample) for i in range(count)]
    return calls


def pair_flops(config: network.NetworkConfig, size: Size) -> Dict[str, int]:
    """FLOPs (two a multiply-add) of the products and convolutions of one pair, counted on tensors without data."""
    with torch.device("meta"):
        weights = {name: torch.empty(shape) for name, shape in network.tensor_shapes(config).items()}
        image = torch.empty((1, *size, 3), dtype=torch.uint8)
    module = plain(weights, config)
    counted = {}
    with torch.no_grad(), attention_by_products():
        for name, call in stages(module, image, image, 8).items():
            if name != "match":
                with FlopCounterMode(display=False, custom_mapping=IN_PLACE) as counter:
                    call()
                counted[name] = counter.get_total_flops()
    return counted


def matrix_peak(device: torch.device, precision: str, timer: Timer, side: int) -> float:
    """FLOP/s of a large square product: what this machine reaches in this precision."""
    a = torch.randn(side, side, device=device).to(DTYPES[precision])
    b = torch.randn(side, side, device=device).to(DTYPES[precision])
    with tf32(precision == "tf32"):
        return 2 * side**3 / timer.seconds(lambda: a @ b)


def peak_memory(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def whole_network(module, a: torch.Tensor, b: torch.Tensor) -> Callable[[], Dict[str, torch.Tensor]]:
    """All of it for a batch of pairs, without matching."""
    size = (*a.shape[1:3], *b.shape[1:3])
    count = a.size(0)

    def run_once() -> Dict[str, torch.Tensor]:
        features = module.encode(torch.cat([a, b]))
        return module.decode(features[:count], features[count:], *size, True, True)

    return run_once


def first_calls(call: Callable[[], object], timer: Timer, count: int = 3) -> List[float]:
    """Seconds of the first calls, in which kernels are loaded and chosen."""
    seconds = []
    for _ in range(count):
        timer.wait()
        start = time.perf_counter()
        call()
        timer.wait()
        seconds.append(time.perf_counter() - start)
    return seconds


def host_waits(call: Callable[[], object], device: torch.device) -> int | None:
    """How often the call makes the host wait for the GPU; unknown on a CPU."""
    if device.type != "cuda":
        return None
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("warn")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call()
        return sum("synchroniz" in str(warning.message) for warning in caught)
    finally:
        torch.cuda.set_sync_debug_mode(before)


def graph_seconds(call: Callable[[], object], timer: Timer) -> float | str | None:
    """Seconds of the call replayed as one CUDA graph; else what keeps it from being captured."""
    if timer.device.type != "cuda":
        return None
    graph = torch.cuda.CUDAGraph()
    try:
        side = torch.cuda.Stream(timer.device)
        side.wait_stream(torch.cuda.current_stream(timer.device))
        with torch.cuda.stream(side):
            call()
        torch.cuda.current_stream(timer.device).wait_stream(side)
        with torch.cuda.graph(graph):
            kept = call()
        seconds = timer.seconds(graph.replay)
        del kept
        return seconds
    except RuntimeError as e:
        return str(e).splitlines()[0]


def measure(
    module, images, subsample: int, timer: Timer, flops: Dict[str, int], peak: float, closely: bool = False
) -> Dict[str, dict]:
    """Figures of each stage; `closely`: also of the whole network's first calls, waits and graph."""
    a, b = images
    count = a.size(0)
    result: Dict[str, dict] = {}
    with torch.no_grad(), torch.jit.optimized_execution(False):
        whole = whole_network(module, a, b)
        firsts = first_calls(whole, timer) if closely else []
        most = 0
        for name, call in stages(module, a, b, subsample).items():
            if timer.device.type == "cuda":
                torch.cuda.reset_peak_memory_stats(timer.device)
            seconds = timer.seconds(call) / count
            bytes_used = peak_memory(timer.device)
            most = max(most, bytes_used)
            result[name] = {"seconds_a_pair": seconds, "peak_bytes": bytes_used}
            if name in flops:
                rate = flops[name] / seconds
                result[name] |= {"flops_a_pair": flops[name], "flops_a_second": rate, "share_of_peak": rate / peak}
        seconds = timer.seconds(whole) / count
        rate = sum(flops.values()) / seconds
        result["network"] = {
            "seconds_a_pair": seconds,
            "flops_a_pair": sum(flops.values()),
            "flops_a_second": rate,
            "share_of_peak": rate / peak,
            "peak_bytes": max(most, peak_memory(timer.device)),
        }
        if closely:
            graph = graph_seconds(whole, timer)
            result["network"] |= {
                "first_calls_seconds": firsts,
                "host_waits": host_waits(whole, timer.device),
                "graph_seconds_a_pair": graph / count if isinstance(graph, float) else graph,
            }
    return result


def matching_by_run(module, images, timer: Timer, subsample: int, toy: bool) -> List[dict]:
    """Seconds of matching one pair by points of a run and by how many runs a query may have left in fp16; with 0 the search
    is in fp32.

    All must find the matches that a CPU finds in the same maps, to the last index.
    """
    if "descriptors_a" not in (maps := maps_of(module, images[0][:1], images[1][:1])):
        return []
    a, b = maps["descriptors_a"][0], maps["descriptors_b"][0]
    everything = torch.empty([0], dtype=torch.uint8, device=a.device)
    chosen = matching.nearest_of
    figures = []
    on_cpu = torch.empty([0], dtype=torch.uint8)
    expected = matching.reciprocal_matches(a.cpu(), b.cpu(), on_cpu, on_cpu, subsample, False)[0]
    shapes = [(64, 16), (16, 0)] if toy else [(run_, many) for many in (16, 0) for run_ in (32, 64, 128)]
    try:
        for run_, many in shapes:
            matching.nearest_of = lambda q, p: chosen(q, p, many=many)
            call = lambda: matching.reciprocal_matches(a, b, everything, everything, subsample, False, run=run_)[0]
            with torch.no_grad():
                same = torch.equal(call().cpu(), expected)
                figures.append({"run": run_, "many": many, "seconds": timer.seconds(call), "same_as_on_a_cpu": same})
    finally:
        matching.nearest_of = chosen
    return sorted(figures, key=lambda figure: figure["seconds"])


def maps_of(module, a: torch.Tensor, b: torch.Tensor) -> Dict[str, torch.Tensor]:
    size = (*a.shape[1:3], *b.shape[1:3])
    with torch.no_grad(), torch.jit.optimized_execution(False):
        return module.decode(module.encode(a), module.encode(b), *size, False, True)


def agreement(found: torch.Tensor, expected: torch.Tensor, width: int, px: int = 1) -> float:
    """Share of the expected matches that have a found one within `px` in both images."""
    if expected.size(1) == 0 or found.size(1) == 0:
        return float(expected.size(1) == found.size(1))

    def corners(pairs: torch.Tensor) -> torch.Tensor:
        return torch.stack([pairs[0] % width, pairs[0] // width, pairs[1] % width, pairs[1] // width], 1).float()

    distance = torch.cdist(corners(expected), corners(found), p=float("inf"))
    return float((distance.min(1).values <= px).float().mean())


def accuracy(reduced, exact, images, subsample: int) -> Dict[str, float]:
    """What a precision changes for the first pair."""
    a, b = images[0][:1], images[1][:1]
    of_reduced, of_exact = maps_of(reduced, a, b), maps_of(exact, a, b)
    if "descriptors_a" not in of_exact:
        return {}
    cosine = torch.cat(
        [(of_reduced["descriptors" + s] * of_exact["descriptors" + s]).sum(-1).flatten() for s in ("_a", "_b")]
    )
    pairs = [matches(reduced, of_reduced, 0, subsample), matches(exact, of_exact, 0, subsample)]
    return {
        "descriptor_cosine_mean": float(cosine.mean()),
        "descriptor_cosine_min": float(cosine.min()),
        "matches": pairs[0].size(1),
        "matches_in_fp32": pairs[1].size(1),
        "share_of_fp32_matches_within_1_px": agreement(pairs[0], pairs[1], a.size(2)),
    }


def attention_kernels(module, images, device: torch.device) -> List[str]:
    """Names of what a profile saw of attention, the most time-consuming first."""
    activities = [torch.profiler.ProfilerActivity.CPU]
    if device.type == "cuda":
        activities.append(torch.profiler.ProfilerActivity.CUDA)
    with torch.profiler.profile(activities=activities) as profile:
        maps_of(module, images[0][:1], images[1][:1])
        if device.type == "cuda":
            torch.cuda.synchronize(device)
    names = {}
    for event in profile.key_averages():
        if any(word in event.key.lower() for word in KERNEL_WORDS):
            names[event.key] = max(getattr(event, "device_time_total", 0), event.cpu_time_total)
    return sorted(names, key=names.get, reverse=True)


def longest_kernels(module, images, device: torch.device, count: int = 15) -> List[Tuple[str, float]]:
    """The kernels (on a CPU: operators) that took longest in one pass of the network, with their seconds."""
    on_gpu = device.type == "cuda"
    kind = torch.profiler.ProfilerActivity.CUDA if on_gpu else torch.profiler.ProfilerActivity.CPU
    whole = whole_network(module, *images)
    with torch.no_grad(), torch.jit.optimized_execution(False):
        whole()
        with torch.profiler.profile(activities=[kind]) as profile:
            whole()
            if on_gpu:
                torch.cuda.synchronize(device)
    seconds = {
        event.key: (event.self_device_time_total if on_gpu else event.self_cpu_time_total) / 1e6
        for event in profile.key_averages()
    }
    return sorted(seconds.items(), key=lambda item: -item[1])[:count]


def lanczos_weights(size: int, to: int) -> Tuple[torch.Tensor, torch.Tensor]:
    """First sample and weights, in multiples of 2^-22, of each sample when an axis is shrunk, as the Java program has them."""
    scale = size / to
    support = 3 * scale
    first = torch.zeros(to, dtype=torch.int64)
    weights = torch.zeros((to, 2 * math.ceil(support) + 1), dtype=torch.int32)
    for i in range(to):
        centre = (i + 0.5) * scale
        begin, end = max(0, int(centre - support + 0.5)), min(size, int(centre + support + 0.5))
        x = [math.pi * (k - centre + 0.5) / scale for k in range(begin, end)]
        lobes = [3 * math.sin(t) * math.sin(t / 3) / t**2 if t else 1.0 for t in x]
        first[i] = begin
        exact = [lobe / sum(lobes) * 2**22 for lobe in lobes]
        weights[i, : end - begin] = torch.tensor([int(w + math.copysign(0.5, w)) for w in exact])
    return first, weights


def resizing(module, photo: Size, size: Size, timer: Timer) -> Dict[str, object]:
    """Seconds from a photo's bytes on the host to the network's bytes on the host, resized on the device."""
    pixels = torch.randint(0, 256, (*photo, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    axes = (*lanczos_weights(photo[1], size[1]), *lanczos_weights(photo[0], size[0]))
    call = lambda: module.resize(*(t.to(timer.device) for t in (pixels, *axes))).cpu()
    upload = timer.seconds(lambda: pixels.to(timer.device))
    return {"photo": f"{photo[1]}x{photo[0]}", "seconds": timer.seconds(call), "of_which_upload": upload}


def random_images(count: int, size: Size, device: torch.device) -> Tuple[torch.Tensor, torch.Tensor]:
    """Smooth colours, B a shifted view of A: no photo, but with something to match."""
    generator = torch.Generator().manual_seed(5)
    coarse = torch.rand((count, 3, size[0] // 8 + 4, size[1] // 8 + 4), generator=generator)
    fine = torch.nn.functional.interpolate(coarse, scale_factor=8, mode="bilinear")
    pixels = (255 * fine).to(torch.uint8).permute(0, 2, 3, 1)
    a = pixels[:, : size[0], : size[1]]
    b = pixels[:, 4 : 4 + size[0], 10 : 10 + size[1]]
    return a.contiguous().to(device), b.contiguous().to(device)


def photos(paths: List[Path], count: int, size: Size, device: torch.device) -> Tuple[torch.Tensor, torch.Tensor]:
    import numpy as np
    from PIL import Image

    loaded = []
    for path in paths:
        photo = Image.open(path).convert("RGB").resize((size[1], size[0]), Image.LANCZOS)
        loaded.append(torch.from_numpy(np.array(photo)).expand(count, -1, -1, -1).contiguous().to(device))
    return tuple(loaded)


def read_safetensors(path: Path) -> Weights:
    """Tensors in fp32; needs no other package."""
    data = bytearray(path.read_bytes())
    start = 8 + struct.unpack_from("<Q", data)[0]
    dtypes = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
    weights = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            stored = torch.frombuffer(data[start + first : start + end], dtype=dtypes[entry["dtype"]])
            weights[name] = stored.reshape(entry["shape"]).float()
    return weights


def model_weights(args: argparse.Namespace) -> Tuple[network.NetworkConfig, Weights]:
    if args.model:
        return network.read_config(args.model / "config.json"), read_safetensors(args.model / "model.safetensors")
    config = network.TINY if args.toy else network.OFFICIAL
    return config, network.random_weights(config, seed=3)


def size_of(args: argparse.Namespace) -> Size:
    width, height = args.size.split("x")
    return int(height), int(width)


def run(args: argparse.Namespace) -> dict:
    device = torch.device(args.device)
    if args.toy:
        torch.set_num_threads(1)  # more wait for each other longer than they compute
    timer = Timer(device, args.runs)
    size = size_of(args)
    config, weights = model_weights(args)
    weights = {name: tensor.to(device) for name, tensor in weights.items()}
    most = max(args.batches)
    images = photos(args.images, most, size, device) if args.images else random_images(most, size, device)
    flops = pair_flops(config, size)
    result = {
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu",
        "torch": torch.__version__,
        "size": args.size,
        "matrix_flops_a_second": {},
        "exported": {},
        "plain": {},
        "accuracy": {},
        "attention": {},
        "longest_kernels": {},
    }
    peaks = result["matrix_flops_a_second"]
    for precision in dict.fromkeys(args.precisions + ["fp32"] + (["tf32"] if device.type == "cuda" else [])):
        peaks[precision] = matrix_peak(device, precision, timer, args.matrix)
        print(f"{precision}: matrix product of {args.matrix} rows {peaks[precision] / 1e12:.2f} TFLOP/s", flush=True)

    exact = load_archive(weights, config, "fp32")
    result["resize"] = resizing(exact, (240, 320) if args.toy else (3000, 4000), size, timer)
    print(f"resize {result['resize']}", flush=True)
    for precision in args.precisions:
        module = exact if precision == "fp32" else load_archive(weights, config, precision)
        for batch in args.batches:
            some = images[0][:batch], images[1][:batch]
            try:
                measured = measure(module, some, args.subsample, timer, flops, peaks[precision], closely=True)
            except torch.OutOfMemoryError as e:
                print(f"exported {precision} batch {batch}: out of memory ({str(e).splitlines()[0]})", flush=True)
                continue
            result["exported"].setdefault(precision, {})[batch] = measured
            tell(f"exported {precision} batch {batch}", measured)
        if precision != "fp32":
            result["accuracy"][precision] = accuracy(module, exact, images, args.subsample)
            print(f"{precision} against fp32: {result['accuracy'][precision]}", flush=True)
        result["attention"][precision] = attention_kernels(module, images, device)
        print(f"{precision} attention: {', '.join(result['attention'][precision]) or 'nothing fused'}", flush=True)
        few = images[0][: args.profiled], images[1][: args.profiled]
        result["longest_kernels"][precision] = longest_kernels(module, few, device)
        for name, seconds in result["longest_kernels"][precision]:
            print(f"  {1e3 * seconds:8.3f} ms  {name[:120]}", flush=True)
    result["matching"] = matching_by_run(exact, images, timer, args.subsample, args.toy)
    for figure in result["matching"]:
        print(f"matching {1e3 * figure['seconds']:.2f} ms, {figure}", flush=True)

    eager = plain(weights, config)
    for precision in ["fp32", "tf32"] if device.type == "cuda" else ["fp32"]:
        for batch in dict.fromkeys((args.batches[0], args.profiled)):
            some = images[0][:batch], images[1][:batch]
            with attention_by_products(), tf32(precision == "tf32"):
                try:
                    measured = measure(eager, some, args.subsample, timer, flops, peaks[precision])
                except torch.OutOfMemoryError as e:
                    print(f"plain {precision} batch {batch}: out of memory ({str(e).splitlines()[0]})", flush=True)
                    continue
            result["plain"].setdefault(precision, {})[batch] = measured
            tell(f"plain eager {precision} batch {batch}", measured)
    result["asked"] = asked(result)
    for line in result["asked"]:
        print(line, flush=True)
    return result


def asked(result: dict) -> List[str]:
    """One line for each figure that full-size weights at 512x384 are asked for on an H200, with what was measured."""
    lines = []
    for precision, of_batch in result["exported"].items():
        fastest = min(of_batch, key=lambda batch: of_batch[batch]["network"]["seconds_a_pair"])
        network_ = of_batch[fastest]["network"]
        lines.append(
            f"{precision}: {1e3 * network_['seconds_a_pair']:.2f} ms a pair at batch {fastest} (asked at 16 or more: 6),"
            f" {100 * network_['share_of_peak']:.0f} % of the matrix peak (40)"
        )
        if 1 in of_batch:
            single = of_batch[1]["network"]
            lines.append(
                f"{precision}: batch 1 {1e3 * single['seconds_a_pair']:.2f} ms (18), as a graph"
                f" {single['graph_seconds_a_pair']}, {single['host_waits']} waits of the host (0)"
            )
            if "match" in of_batch[1]:
                lines.append(f"{precision}: matching {1e3 * of_batch[1]['match']['seconds_a_pair']:.2f} ms (3)")
        for other, of_plain in result["plain"].items():
            for batch in of_plain.keys() & of_batch.keys():
                ratio = of_plain[batch]["network"]["seconds_a_pair"] / of_batch[batch]["network"]["seconds_a_pair"]
                lines.append(f"{precision}: {ratio:.1f} times as fast as plain {other} at batch {batch} (4)")
    for precision, figures in result["accuracy"].items():
        if figures:
            share = 100 * figures["share_of_fp32_matches_within_1_px"]
            lines.append(f"{precision}: {share:.1f} % of the fp32 matches within 1 px (95, on the bundled model)")
    return lines


def tell(title: str, measured: Dict[str, dict]) -> None:
    print(title)
    for name in (*STAGES, "network"):
        if name in measured:
            stage = measured[name]
            line = f"  {name:9s}{1e3 * stage['seconds_a_pair']:10.3f} ms a pair {stage['peak_bytes'] / 2**30:7.2f} GiB"
            if "share_of_peak" in stage:
                line += (
                    f" {stage['flops_a_pair'] / 1e9:9.2f} GFLOP {stage['flops_a_second'] / 1e12:8.2f} TFLOP/s"
                    f" {100 * stage['share_of_peak']:5.1f} % of peak"
                )
            print(line)
    if "first_calls_seconds" in measured["network"]:
        figures = measured["network"]
        firsts = ", ".join(f"{seconds:.3f}" for seconds in figures["first_calls_seconds"])
        print(
            f"  first calls {firsts} s; as a graph {figures['graph_seconds_a_pair']};"
            f" waits of the host {figures['host_waits']}",
            flush=True,
        )


def arguments(given: List[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--toy", action="store_true", help="a tiny network, small images, one run")
    parser.add_argument("--model", type=Path, help="folder with config.json and model.safetensors; default: random weights")
    parser.add_argument("--images", nargs=2, type=Path, metavar=("A", "B"), help="photos, resized to --size")
    parser.add_argument("--size", help="network pixels, width x height; default: 512x384")
    parser.add_argument("--batches", help="pairs a call; default: 1,4,16,32")
    parser.add_argument("--precisions", default="bf16", help="of bf16, fp16 and fp32; default: bf16")
    parser.add_argument("--subsample", type=int, default=8)
    parser.add_argument("--runs", type=int, help="of which the median counts; default: 10")
    parser.add_argument("--json", type=Path, help="all figures")
    args = parser.parse_args(given)
    args.size = args.size or ("64x48" if args.toy else "512x384")
    args.batches = [int(text) for text in (args.batches or ("1,2" if args.toy else "1,4,16,32")).split(",")]
    args.precisions = args.precisions.split(",")
    args.runs = args.runs or (1 if args.toy else 10)
    args.profiled = min(16, max(args.batches))
    args.matrix = 256 if args.toy else 8192 if args.device != "cpu" else 2048
    for precision in args.precisions:
        if precision not in ("bf16", "fp16", "fp32"):
            parser.error(f"--precisions: expected bf16, fp16 or fp32, found {precision!r}")
    if args.device != "cpu" and not torch.cuda.is_available():
        parser.error(f"--device {args.device}: this torch ({torch.__version__}) sees no GPU; try --device cpu --toy")
    return args


def main(given: List[str] | None = None) -> dict:
    args = arguments(given)
    result = run(args)
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result


if __name__ == "__main__":
    main()
