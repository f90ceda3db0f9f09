"""What a reader lets count, as sliders and presets of the trial page."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...errors import UsageError
from ...index import PRESETS, Aspect, Weights, choose_weights, parse_preset
from .address import Address

MOST = 2.0
"""Where a slider ends. Presets and addresses may go beyond; the slider then stands at its end."""
SLIDERS = (Aspect.CONDITION, Aspect.INTERVENTION, Aspect.POPULATION, Aspect.DESIGN, Aspect.OUTCOME, Aspect.PERIOD)


@dataclass(frozen=True)
class Slider:
    """One aspect and where its slider stands, 0 to `MOST`."""

    name: str
    label: str
    value: float


@dataclass(frozen=True)
class Preset:
    """A button: the list with weights for a purpose, and without them where it is chosen."""

    label: str
    chosen: bool
    url: Address


def weights_of(address: Address) -> Weights:
    """The weights of an address.

    Raises:
        UsageError: a preset, an aspect or a weight is unknown.
    """
    return choose_weights(address.parameters.get("preset", ""), address.parameters.get("weights", ""))


def sliders(address: Address) -> list[Slider]:
    """The sliders of a page."""
    weights = weights_of(address)
    return [Slider(aspect, aspect.capitalize(), _shown(weights, aspect)) for aspect in SLIDERS]


def presets(address: Address) -> list[Preset]:
    """The presets, after one that takes all weights away."""
    chosen = address.parameters.get("preset", "").strip().lower()
    plain = Preset("Balanced", not chosen and not address.parameters.get("weights"), _with(address, None, None))
    named = [
        Preset(name.replace("-", " ").capitalize(), name == chosen, _with(address, name, None)) for name in PRESETS
    ]
    return [plain, *named]


def moved(address: Address, given: Mapping[str, str]) -> Address:
    """The address with sliders where a form says they stand: those that differ from where the preset puts them.

    Raises:
        UsageError: a value is no number from 0 to `MOST`.
    """
    if not any(aspect in given for aspect in SLIDERS):
        return address
    preset = address.parameters.get("preset", "")
    usual = parse_preset(preset)
    kept = {aspect: value for aspect, value in weights_of(address).items() if aspect not in given}
    changed = {aspect: value for aspect, value in kept.items() if value != usual.get(aspect)}
    for aspect in SLIDERS:
        if aspect in given and (value := _number(aspect, given[aspect])) != _shown(usual, aspect):
            changed[aspect] = value
    text = ",".join(f"{aspect}={value:g}" for aspect, value in changed.items())
    return _with(address, preset or None, text or None)


def _with(address: Address, preset: str | None, weights: str | None) -> Address:
    return address.changed(preset=preset, weights=weights)


def _shown(weights: Weights, aspect: Aspect) -> float:
    return min(weights.get(aspect, 1.0), MOST)


def _number(aspect: Aspect, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= MOST:
        raise UsageError(f"The weight of {aspect} is {text[:20]!r}.", f"Sliders go from 0 to {MOST:g}.")
    return value
