"""``trialkin embed``."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from ..data import Snapshot
from ..data.files import home_lock
from ..embed import VectorCache, cache_path, load_encoder, policy_of
from ..embed.gathering import gather
from ..embed.shard_file import About, filling
from ..embed.sharding import ALL, embed_trials, parse_shard
from ..errors import ReadError, SnapshotError, TrialkinError, UsageError
from ..settings import Settings
from .cli_settings import settings
from .giving_way import give_way
from .progress import TerminalProgress


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(embed)


def embed(
    files: Annotated[
        list[Path] | None, typer.Argument(help="With --gather: files of shards.", show_default=False)
    ] = None,
    shard: Annotated[
        str | None, typer.Option(help="Embed one part of the texts, i/n, such as 2/8, into a file.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="That file; by default vectors-i-of-n.sqlite beside the vector cache.", show_default=False),
    ] = None,
    gathering: Annotated[bool, typer.Option("--gather", help="Take the vectors of files of shards.")] = False,
) -> None:
    """Embed the texts of the snapshot ahead of a build: all of them, or one shard, so that machines share the work."""
    here = settings()
    if gathering != bool(files):
        raise UsageError("Files and --gather go together.", "For instance: trialkin embed --gather vectors-*.sqlite")
    if shard is not None and gathering:
        raise UsageError("--shard and --gather are two steps.", "Embed the shards first, then gather their files.")
    if out is not None and shard is None:
        raise UsageError("--out is the file of a shard.", "Give --shard i/n, too.")
    give_way()
    if files:
        _gather(here, files)
    else:
        _embed(here, shard, out)


def _embed(here: Settings, named: str | None, out: Path | None) -> None:
    """Into the home's own cache, which is locked meanwhile, or into a shard's file, which may be done side by side."""
    shard = ALL if named is None else parse_shard(named)
    with home_lock(here.home) if named is None else nullcontext(), TerminalProgress() as progress:
        snapshot = Snapshot.open(here.home / "snapshot")
        if not len(snapshot):
            raise SnapshotError("The snapshot holds no trials.", "Run trialkin import FILE first.")
        progress.stage("checking the snapshot")
        snapshot.verify()
        progress.stage("loading the model")
        encoder, policy = load_encoder(here), policy_of(here)
        folder = here.home / "vectors"
        if named is None:
            path = cache_path(folder, encoder, policy)
            target = VectorCache(path, encoder.dim)
        else:
            name = f"vectors-{shard.number}-of-{shard.count}.sqlite"
            path = folder / name if out is None else out / name if out.is_dir() else out
            target = filling(path, About.of(encoder, policy, shard))
        progress.stage("embedding")
        with target as cache:
            report = embed_trials(
                snapshot.trials(), shard, encoder, cache, policy,
                lambda done: progress.trials(done, len(snapshot)), progress.encoded,
            )  # fmt: skip
            held = len(cache)
    whose = (
        f"Texts of {report.trials:,} trials" if named is None else f"Shard {shard} of {report.trials:,} trials' texts"
    )
    typer.echo(
        f"{whose}: {report.texts:,} texts of {report.tokens:,} tokens newly embedded; {path} holds {held:,} vectors."
    )


def _gather(here: Settings, files: Sequence[Path]) -> None:
    refused: list[ReadError] = []
    with home_lock(here.home), TerminalProgress() as progress:
        progress.stage("loading the model")
        encoder, policy = load_encoder(here), policy_of(here)
        about = About.of(encoder, policy, ALL)
        with VectorCache(cache_path(here.home / "vectors", encoder, policy), encoder.dim) as cache:
            for path in files:
                progress.stage(f"gathering {path.name}")
                try:
                    done = gather(path, about, cache)
                except ReadError as error:
                    refused.append(error)
                else:
                    typer.echo(f"{path}: {done.taken:,} vectors taken, {done.known:,} were there already.")
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise TrialkinError(
            f"{len(refused)} of {len(files)} files were refused, and nothing of them was taken: "
            f"{' '.join(one.what for one in refused)}",
            refused[0].hint,
        )
