"""Writes the code-only TorchScript archives of the network, and the hash of the sources they were made from.

    python scripts/export.py

The archives hold code and no weights; the Java program puts a checkpoint's tensors into one. network.pt runs anywhere;
network-onednn.pt is the same network with the products of network/onednn.py, network-onednn-1.pt with those of them that
are for a single thread. network.sources.sha256 has the hash in its first line and the hashed files, one a line, behind it.
The hash is SHA-256 over, for each of these files in the order of their paths: the path from the repository root with '/', a
zero byte, the content with every CR LF made LF, a zero byte.
"""

import argparse
import hashlib
import io
import multiprocessing
import zipfile
from pathlib import Path
from typing import Dict, List

import torch

from network import blocks, dpt, onednn
from network.module import PairNetwork

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = Path("src/main/resources/dev/mast3r/model")
ARCHIVED_MODULES = ("architecture", "blocks", "both_decoders", "dpt", "heads", "matching", "module", "resize", "rope", "trunk")
ARCHIVES = ("network.pt", "network-onednn.pt", "network-onednn-1.pt")


def source_paths() -> List[str]:
    """The files that determine the archive, relative to the repository root and sorted."""
    modules = ARCHIVED_MODULES + ("onednn", "winograd")
    return sorted(["scripts/export.py"] + [f"scripts/network/{module}.py" for module in modules])


def hash_sources(root: Path, paths: List[str]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = (root / path).read_bytes().replace(b"\r\n", b"\n")
        digest.update(path.encode("utf-8") + b"\0" + content + b"\0")
    return digest.hexdigest()


def scripted_entries() -> Dict[str, bytes]:
    """What libtorch needs of the scripted module: code, empty data, format version; debug information is left out."""
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(PairNetwork()), buffer)
    with zipfile.ZipFile(buffer) as archive:
        entries = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    kept = {name: data for name, data in entries.items() if name.endswith(".py")}
    for name in ("data.pkl", "constants.pkl", "byteorder"):
        kept[name] = entries[name]
    # the first name is that of writers since file version 6; every libtorch reads the second
    kept["version"] = entries.get(".data/version") or entries["version"]
    return kept


def take_products(archive: str) -> None:
    """Puts the products of that archive into the network."""
    if "onednn" in archive:
        for name in ("product", "product_gelu", "product_onto", "attend"):
            setattr(blocks, name, getattr(onednn, name))
        dpt.convolve = onednn.convolve
    if archive == "network-onednn-1.pt":
        blocks.product = onednn.product_on_one_thread
        blocks.product_onto = onednn.product_onto_on_one_thread
        dpt.convolve = onednn.convolve_on_one_thread


def scripted_archive(name: str) -> bytes:
    """The archive, the same bytes in every run: sorted entries with a fixed date. Compiled functions are kept by the
    process, so that one process makes one archive."""
    take_products(name)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in sorted(scripted_entries().items()):
            entry = zipfile.ZipInfo("network/" + path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def export(folder: Path) -> None:
    """Writes the archives and network.sources.sha256 into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with multiprocessing.get_context("spawn").Pool(len(ARCHIVES), maxtasksperchild=1) as pool:
        for name, content in zip(ARCHIVES, pool.map(scripted_archive, ARCHIVES, chunksize=1)):
            (folder / name).write_bytes(content)
    lines = [hash_sources(ROOT, source_paths())] + source_paths()
    (folder / "network.sources.sha256").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / RESOURCES, help="folder to write into")
    export(parser.parse_args().out)
