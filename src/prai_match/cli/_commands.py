"""Commands and options in French or English, the folder of a programme, and exit codes for scripts."""

import datetime as dt
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, cast

import click

from prai_match._front import Programme
from prai_match.cli._output import STDOUT, ExitCode, forget_output, of_error, of_usage, one_line, show, tell, words
from prai_match.errors import InterruptedSaveWarning, PraiError, RejectedRowsWarning, UnknownFactsWarning, did_you_mean
from prai_match.io import FORMATS, MOST_MEMORY, LoadReport, interrupted
from prai_match.text import counted, current_language, tied

_DAYS: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII),
)


class Type(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """The type of an option: its name in help, the function that reads a text (None if invalid), and the error."""

    def __init__(
        self, name: str, key: str, read: Callable[[str], object], near: Callable[[str], str] = str, **facts: str
    ) -> None:
        self.name, self._key, self._read, self._near, self._facts = name, key, read, near, facts

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - as click calls it
        return self.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        if (answer := self._read(str(value))) is None:
            text = words()["types"][self._key].format(value=value, near=self._near(value), **self._facts)
            self.fail(text, param, ctx)
        return answer


def among(values: Sequence[str]) -> Type:
    return Type(
        "[" + "|".join(values) + "]",
        "among",
        lambda text: text if text in values else None,
        lambda text: did_you_mean(text, values, current_language()),
        known=", ".join(values),
    )


def _day(text: str) -> dt.date | None:
    match = next(filter(None, (form.fullmatch(text) for form in _DAYS)), None)
    try:
        return dt.date(**{name: int(part) for name, part in match.groupdict().items()}) if match else None
    except ValueError:
        return None


DAY: Final = Type("DATE", "day", _day)


def count(digits: int = 6) -> Type:
    whole = re.compile(rf"0*[1-9]\d{{0,{digits - 1}}}", re.ASCII)
    return Type("N", "count", lambda text: int(text) if whole.fullmatch(text) else None)


def amount(name: str) -> Type:
    plain = re.compile(r"\d{1,12}([.,]\d{1,2})?", re.ASCII)
    return Type(name, "amount", lambda text: float(text.replace(",", ".")) if plain.fullmatch(text) else None)


def out(formats: Sequence[str] = FORMATS) -> Type:
    """A file to write, in the format of its suffix; ``-`` is the standard output."""
    return Type(
        words()["metavars"]["file"],
        "suffix",
        lambda text: path if (path := Path(text)) == STDOUT or _suffix(text) in formats else None,
        lambda text: did_you_mean(_suffix(text), formats, current_language()),
        known=", ".join(f".{each}" for each in formats),
    )


def _suffix(path: str) -> str:
    return Path(path).suffix.lower().removeprefix(".")


class Command(click.Command):
    """A command whose texts, and those of its options, are found by name; each has ``--lang`` and ``--help``."""

    def __init__(self, name: str, *params: click.Parameter, **settings: Any) -> None:  # noqa: ANN401 - what click takes
        own, self.texts = words()[name], words()["click"]
        for option in (param for param in params if isinstance(param, click.Option)):
            key = option.opts[0].lstrip("-").replace("-", "_")
            option.help = option.help or own.get(key) or words()["options"][key]
        show_help = _leaving_option(["-h", "--help"], self.texts["help"], click.Context.get_help)
        lang_option = click.Option(["--lang"], type=among(("fr", "en")), expose_value=False, help=self.texts["lang"])
        super().__init__(
            name,
            params=[*params, lang_option, show_help],
            add_help_option=False,
            context_settings={"allow_extra_args": True, "max_content_width": 100},
            help=tied(own["help"]),
            short_help=own.get("short"),
            options_metavar=own.get("usage", "[OPTIONS]"),
            epilog=tied(own.get("epilog", "")),
            **settings,
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            rest = super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = ctx  # which the parser doesn't say
            raise
        if rest and not isinstance(self, click.Group):
            raise click.UsageError(self.texts["extra"].format(names=" ".join(map(str, rest))), ctx)
        return rest

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), self.texts["usage"])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [(record[0], tied(param.help or "")) for param in options if (record := param.get_help_record(ctx))]
        with formatter.section(self.texts["options"]):
            formatter.write_dl(records)


class Group(Command, click.Group):
    """The program: its commands, and the handling of errors."""

    def __init__(self, name: str, *commands: Command, version: str) -> None:
        texts = words()["click"]
        super().__init__(
            name,
            _leaving_option(["--version"], texts["version"], lambda _: f"{name}, version {version}"),
            commands=list(commands),
            subcommand_metavar=texts["command"],
            invoke_without_command=True,
            callback=_help_where_no_command,
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(self.texts["commands"]):
            formatter.write_dl([(name, command.short_help or "") for name, command in self.commands.items()])
        Command.format_options(self, ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if (name := args[0]) not in self.commands:
            near = did_you_mean(name, self.commands, current_language())
            raise click.UsageError(self.texts["no_command"].format(name=name, near=near), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; report what it can't read or write."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            forget_output()
            return ExitCode.NOBODY_READS
        except (PraiError, OSError) as error:
            tell(self.texts["error"].format(message=of_error(error)))
            return ExitCode.UNUSABLE
        return code

    def main(self, *args: Any, **settings: Any) -> Any:  # noqa: ANN401 - as click has it
        try:
            code = super().main(*args, **settings | {"standalone_mode": False, "prog_name": self.name})
        except click.UsageError as error:
            if error.ctx:
                tell(error.ctx.get_usage())
                tell(self.texts["see_help"].format(command=error.ctx.command_path) + "\n")
            tell(self.texts["error"].format(message=of_usage(error)))
            code = ExitCode.USAGE
        except click.Abort:
            tell(self.texts["interrupted"])
            code = ExitCode.INTERRUPTED
        sys.exit(code)


def _help_where_no_command() -> int:
    if (ctx := click.get_current_context()).invoked_subcommand is None:
        tell(ctx.get_help())
    return ExitCode.USAGE


def _leaving_option(names: Sequence[str], help_text: str, text: Callable[[click.Context], str]) -> click.Option:

    def leave(ctx: click.Context, _: click.Parameter, is_set: bool) -> None:  # noqa: FBT001 - as click calls it
        if is_set:
            show(text(ctx))
            ctx.exit()

    return click.Option(names, is_flag=True, is_eager=True, expose_value=False, callback=leave, help=help_text)


def path_argument(name: str) -> click.Argument:
    return click.Argument([name], metavar=words()["metavars"][name], type=click.Path(path_type=Path))


def path_option(name: str, kind: str) -> click.Option:
    return click.Option([name], metavar=words()["metavars"][kind], type=click.Path(path_type=Path))


def reading_options() -> tuple[click.Option, click.Option]:
    """Return the options for reading: whether links are followed, and the memory limit."""
    metavar = words()["metavars"]["bytes"]
    memory = click.Option(["--max-memory"], metavar=metavar, type=count(digits=15), default=MOST_MEMORY)
    return click.Option(["--follow-links"], is_flag=True), memory


def load(folder: Path, *, strict: bool = False, follow_links: bool, max_memory: int) -> tuple[Programme, LoadReport]:
    """Read a programme, with the report on its rows; report an interrupted save."""
    with warnings.catch_warnings():
        for category in (RejectedRowsWarning, InterruptedSaveWarning, UnknownFactsWarning):
            warnings.simplefilter("ignore", category)  # told in the language, and by each command in its own words
        programme = Programme.load(folder, strict=strict, follow_links=follow_links, max_memory=max_memory)
    report = cast("LoadReport", programme.load_report)
    if sentence := interrupted(report.save, current_language()):
        tell(sentence)
    return programme, report


def warn(loading: LoadReport, folder: Path) -> int:
    """Report unknown facts and the number of rejected rows; return the exit code."""
    texts = words()["told"]
    for consequence in loading.consequences():
        tell(texts["unknown"].format(consequence=one_line(consequence)))
    if not loading.rejected:
        return ExitCode.DONE
    tell(texts["rejected"].format(rows=counted(loading.rejected, texts["rows"], current_language()), folder=folder))
    return ExitCode.SOME_LEFT
