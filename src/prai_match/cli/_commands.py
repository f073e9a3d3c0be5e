"""A command and a group of commands that speak French or English, and leave with exit codes that scripts can use."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from prai_match.cli._options import Among
from prai_match.cli._output import ExitCode, forget_output, of_error, of_usage, show, tell, words
from prai_match.errors import PraiError, did_you_mean
from prai_match.text import current_language, tied


class Command(click.Command):
    def __init__(self, name: str, *, params: Sequence[click.Parameter], **settings: Any) -> None:  # noqa: ANN401 - what click takes
        """Make a command, in the words of its name; every one has ``--lang`` and ``--help``."""
        own, self.texts = words()[name], words()["click"]
        show_help = _leaving_option(["-h", "--help"], self.texts["help"], click.Context.get_help)
        lang_option = click.Option(["--lang"], type=Among(("fr", "en")), expose_value=False, help=self.texts["lang"])
        super().__init__(
            name,
            params=[*params, lang_option, show_help],
            add_help_option=False,
            context_settings={"allow_extra_args": True, "max_content_width": 100},
            help=own["help"],
            short_help=own.get("short"),
            options_metavar=own.get("usage", "[OPTIONS]"),
            epilog=own.get("epilog"),
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

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        _write_paragraph(self.help, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        _write_paragraph(self.epilog, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [(record[0], tied(param.help or "")) for param in options if (record := param.get_help_record(ctx))]
        with formatter.section(self.texts["options"]):
            formatter.write_dl(records)


def _write_paragraph(text: str | None, formatter: click.HelpFormatter) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(tied(text or ""))


class Group(Command, click.Group):
    """The program: its commands, and what becomes of errors."""

    def __init__(self, name: str, *, commands: Sequence[Command], version: str) -> None:
        texts = words()["click"]
        super().__init__(
            name,
            params=[_leaving_option(["--version"], texts["version"], lambda _: f"{name}, version {version}")],
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
        """Run a command; what it can't use, or can't write, is said."""
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
