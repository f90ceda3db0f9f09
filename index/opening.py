"""Open the current version of the index."""

from collections.abc import Callable
from pathlib import Path

from ..embed import Encoder, load_encoder
from ..embed.model_files import find_model
from ..settings import Settings
from .index import Index
from .manifest import Manifest, check_model
from .versions import Versions


def open_index(home: str | Path | None = None, settings: Settings | None = None) -> Index:
    """Open the current version of the index.

    Args:
        home: the folder that holds it; by default that of the settings, ``TRIALKIN_HOME``.
        settings: by default those of the environment.

    Raises:
        IndexMissing: nothing has been published there.
        IndexDamaged: a file is missing, cut short or altered.
    """
    settings = settings or Settings()
    if home is not None:
        settings = settings.model_copy(update={"home": Path(home)})
    return Index(Versions(settings.home / "index").folder(), query_encoder(settings))


def query_encoder(settings: Settings) -> Callable[[Manifest], Encoder]:
    """Loads the encoder for queries, in the precision of the index where the settings leave it open."""

    def load(manifest: Manifest) -> Encoder:
        model = find_model(settings.model)
        check_model(manifest, model)  # before it is loaded, or even converted
        if settings.precision == "auto" and settings.encoder == "openvino":
            return load_encoder(settings.model_copy(update={"precision": manifest.model.precision}), model)
        return load_encoder(settings, model)

    return load
