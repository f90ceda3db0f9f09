"""What a model wants to read before a text: some are trained to be told whether it is looked for or looked through."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ModelError

_CONFIGURATION = "config_sentence_transformers.json"
_OF_TEXTS = ("document", "passage", "corpus")


@dataclass(frozen=True)
class Prompts:
    """Words before each text; empty for most models.

    Attributes:
        query: before a text that is looked for.
        text: before a section of a trial.
    """

    query: str = ""
    text: str = ""


def read_prompts(folder: Path) -> Prompts:
    """The prompts of a model, chosen among those of its configuration as sentence-transformers chooses them.

    Args:
        folder: of the model.

    Raises:
        ModelError: the configuration is no JSON of prompts by name.
    """
    path = folder / _CONFIGURATION
    try:
        configuration: Any = json.loads(path.read_bytes()) if path.exists() else {}
        prompts = {name: str(prompt or "") for name, prompt in (configuration.get("prompts") or {}).items()}
        usual = prompts.get(configuration.get("default_prompt_name"), "")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ModelError(f"{path} cannot be read: {error}.", "Copy the model again.") from error
    of_texts = next((prompts[name] for name in _OF_TEXTS if name in prompts), usual)
    return Prompts(prompts.get("query", usual), of_texts)
