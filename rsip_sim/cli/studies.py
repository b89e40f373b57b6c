"""The commands of studies, made from their questions, and that of a study from a file."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from rsip_sim.cli.answers import (
    CHECK_FAILED,
    WRONG_INPUT,
    answered,
    kept_in,
    print_faults,
    progress,
    say,
)
from rsip_sim.cli.telling import Format, tell
from rsip_sim.experiment.places import place
from rsip_sim.studies.registry import STUDIES, study_named

if TYPE_CHECKING:
    from rsip_sim.studies.kernel.study import Kept, Study

SCENARIO_FILE = "Scenario file, or the name of a shipped one, such as rsip:two_year."
_COMMANDS = {name: entry for name, entry in STUDIES.items() if entry.command}

_FILLED = "Folder that 'rsip compare' filled."
_PLACES: dict[str, list[tuple[str, str]]] = {
    "comparison": [("DIR", _FILLED)],
    "optional comparison": [("[DIR]", _FILLED)],
    "scenario": [("FILE", SCENARIO_FILE)],
    "folder": [("DIR", "Folder of a finished run, study or paper.")],
    "two folders": [
        ("DIR1", "Folder of the earlier comparison."), ("DIR2", "Folder of the later one."),
    ],
    "evidence": [],
}  # fmt: skip
"""Of each ground its arguments: how each is shown, in brackets where it may be left out; help."""


def number(
    whole: bool = True, least: int | None = None
) -> Callable[[str | int | float], int | float]:
    """How an option takes a number: as a file does, and asked back where it could be another."""

    def read(text: str | int | float) -> int | float:
        from rsip_sim.scenario.problems import number_of

        if not isinstance(text, str):  # the default
            return text
        try:
            return number_of(text, whole, least)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return read


Replications = Annotated[
    int | None,
    typer.Option(
        min=1,
        parser=number(least=1),
        metavar="N",
        help="Simulated futures; otherwise what the files say.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0,
        parser=number(least=0),
        metavar="N",
        help="Of the random draws; otherwise what the files say.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1, parser=number(least=1), metavar="N", help="Processes; no result depends on how many."
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Of a Dask scheduler, whose workers then simulate; no folder is shared with them.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        parser=place,
        help="Folder for the results; otherwise one in runs. The same command carries on there.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no messages.")]
Full = Annotated[bool, typer.Option("--full", help="Print all, and not the first screen alone.")]
Form = Annotated[
    Format,
    typer.Option(
        "--format", metavar="F", show_default=False, help="text, csv (the table) or json (all)."
    ),
]


def _common(study: Study[Any, Any, Any]) -> dict[str, tuple[Any, Any]]:
    """The options that all studies have, with their defaults."""
    usual = "the answer is only printed"
    if study.stands_on.endswith("comparison"):
        usual = f"DIR/studies/{study.name}"
    out = typer.Option(
        metavar="DIR",
        parser=place,
        help=f"Folder for report, tables and charts; otherwise {usual}.",
    )
    common = {
        "workers": (Workers, None), "scheduler": (Scheduler, None),
        "out": (Annotated[Path | None, out], None),
        "full": (Full, False), "form": (Form, Format.text), "quiet": (Quiet, False),
    }  # fmt: skip
    offered = {"out": study.keeps, "scheduler": study.simulates_much}
    return {name: kind for name, kind in common.items() if offered.get(name, True)}


class StudyGroup(TyperGroup):
    """Makes the command of a study when it is asked for, so that help is answered at once."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command asked for, with its options."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in _COMMANDS:
            study = study_named(name)
            info = CommandInfo(name=name, callback=command_of(study), epilog=study.example or None)
            command = get_command_from_info(
                info, pretty_exceptions_short=True, rich_markup_mode=self.rich_markup_mode
            )
        return name, command, rest

    def invoke(self, ctx: Any) -> Any:
        """Run a command; of an option that it does not know, where that is set instead."""
        try:
            return super().invoke(ctx)
        except typer.exceptions.TyperException as error:
            option, own = getattr(error, "option_name", ""), getattr(error, "possibilities", ())
            if option and not get_close_matches(option, own or (), cutoff=0.8):
                from rsip_sim.cli.unknown import belongs

                where = belongs(option, self._options(ctx))
                error.message, error.possibilities = (  # type: ignore[attr-defined]
                    (f"{error.message}; {where}", None) if where else (error.message, own)
                )
            raise

    def _options(self, ctx: Any) -> dict[str, list[str]]:
        """Every option of every command, by its name."""
        from rsip_sim.studies.kernel.asking import parameters_of

        found = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            found[name] = [flag for each in command.params for flag in each.opts] if command else []
            if name in _COMMANDS:
                study = study_named(name)
                found[name] = [each.flag for each in parameters_of(study.question)]
        return found


def register(app: typer.Typer) -> None:
    """Add all studies, whose options are read when one is asked for, and `experiment`."""
    for name, entry in _COMMANDS.items():
        app.command(name, help=entry.help)(_unread)
    app.command()(experiment)


def _unread() -> None:
    raise AssertionError("the command of a study is made in StudyGroup.resolve_command")


def command_of(study: Study[Any, Any, Any]) -> Callable[..., None]:
    """The function behind the command of a study, with the options that its question has."""
    from rsip_sim.studies.kernel.asking import Parameter, parameters_of
    from rsip_sim.studies.kernel.ground import GROUNDS

    def annotated(each: Parameter) -> Any:
        off = "" if each.switch is None else f"/--no-{each.flag.removeprefix('--')}"
        kinds = (each.kind, *get_args(each.kind))
        parser = number(float not in kinds) if {int, float} & {*kinds} else None
        shown = typer.Option(
            each.flag + off, metavar=each.metavar or None, help=each.help, parser=parser
        )
        given = each.default is not None or each.kind is bool
        return Annotated[each.kind if given else each.kind | None, shown]

    kinds: dict[str, tuple[Any, Any]] = {}
    places = zip(GROUNDS[study.stands_on], _PLACES[study.stands_on], strict=True)
    parser = None if study.stands_on == "scenario" else place  # of a folder, or its address
    for name, (metavar, words) in places:
        shown = typer.Argument(metavar=metavar, help=study.ground_help or words, parser=parser)
        optional = metavar.startswith("[")
        kind = Annotated[Path | None, shown] if optional else Annotated[Path, shown]
        kinds[name] = (kind, None if optional else inspect.Parameter.empty)
    for each in sorted(parameters_of(study.question), key=lambda one: not one.required):
        default = inspect.Parameter.empty if each.required else each.default
        kinds[each.name] = (annotated(each), default)
    kinds |= _common(study)

    def command(**given: Any) -> None:
        _run(study, given)

    command.__name__, command.__doc__ = study.name, inspect.cleandoc(type(study).__doc__ or "")
    command.__annotations__ = {name: kind for name, (kind, _) in kinds.items()}
    keyword = inspect.Parameter.KEYWORD_ONLY
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, keyword, default=default, annotation=kind)
            for name, (kind, default) in kinds.items()
        ]
    )
    return command


def _run(study: Study[Any, Any, Any], given: dict[str, Any]) -> None:
    out, quiet = given.pop("out", None), given.pop("quiet")
    full, form = given.pop("full"), given.pop("form")
    with answered(out):
        from rsip_sim.experiment.elsewhere import cluster
        from rsip_sim.studies.functions import answer
        from rsip_sim.studies.kernel.asking import AskedError, flag_of
        from rsip_sim.studies.kernel.ground import GROUNDS, Means

        means = Means(given.pop("workers"), progress(quiet))
        scheduler = given.pop("scheduler", None)
        places = [given.pop(each) for each in GROUNDS[study.stands_on]]
        try:
            with cluster(scheduler):
                kept = answer(study, places, given, out, means)
        except AskedError as error:
            print_faults(error.named(lambda path: flag_of(study.question, path)))
            raise typer.Exit(WRONG_INPUT) from None
        tell_kept(kept, quiet, full, form)


def experiment(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Study file; 'rsip init' writes examples.")
    ],
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Out = None,
    full: Full = False,
    form: Form = Format.text,
    quiet: Quiet = False,
) -> None:
    """Run a study: a grid of levers, a review, robustness, sensitivity, tipping or England.

    Exit code 3 where a cell failed; the others are kept, and the same command tries again.
    """
    with answered(out):
        from rsip_sim.experiment.elsewhere import cluster
        from rsip_sim.studies.files.loading import load_study, run_study

        study = load_study(file, replications, seed)
        with cluster(scheduler):
            kept = run_study(study, workers, out, progress(quiet))
        tell_kept(kept, quiet, full, form)


def tell_kept(kept: Kept[Any], quiet: bool, full: bool, form: Format) -> None:
    """The answer, what a planner should know beside it, and where it is kept.

    Exit code 3 where pieces of the work failed.
    """
    from rsip_sim.report.words import counted

    tell(kept.report, kept.folder, full, form)
    if not quiet:
        for note in kept.notes:
            say(note)
    if kept.folder is not None:
        kept_in(kept.folder, quiet)
    if kept.failed and kept.folder is not None:
        from rsip_sim.experiment.store import FAILURES

        say(f"{counted(kept.failed, 'cell')} failed; why is in {kept.folder}/{FAILURES}")
    if kept.failed:
        raise typer.Exit(CHECK_FAILED)
