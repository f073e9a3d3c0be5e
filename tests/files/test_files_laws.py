"""Laws of saving: whatever is done to a folder, it is as before a save or as after it, and what happened is told."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import interrupted
from prai_match import PraiError, files
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.files import Save

    Files = dict[str, bytes]

NAMES = ("needs.csv", "programme.toml", "sessions.csv")

tables = st.fixed_dictionaries({name: st.sampled_from([b"", b"a;b", b"c;d"]) for name in NAMES})
names = st.sampled_from(NAMES)
# A save of three files has some 60 operations; one that is killed between these is left half way.
operations = st.integers(1, 62) | st.integers(31, 50)


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def stop() -> None:
    raise KeyboardInterrupt


class SavedFolder(RuleBasedStateMachine):
    """A folder that is saved to, whole or not, loaded, and changed by hand in between.

    What it may hold are the files as they were before the last save, with what that one's manifest said, and as they
    are after it: one of them where nothing was interrupted.
    """

    def __init__(self) -> None:
        super().__init__()
        self.parent = Path(tempfile.mkdtemp())
        self.folder = self.parent / "season"
        self.possible: list[tuple[str, Files, Files]] = []
        self.by_hand: Files = {}
        """What was changed since a save was interrupted."""
        self.changes = 0

    def teardown(self) -> None:
        """Leave nothing."""
        shutil.rmtree(self.parent)

    def there(self) -> Files:
        """The files that anybody sees."""
        return {name: (self.folder / name).read_bytes() for name in NAMES if (self.folder / name).exists()}

    def save(self, saved: Files) -> None:
        files.put_all(self.folder, saved, manifest=True)

    @initialize(saved=tables)
    def save_first(self, saved: Files) -> None:
        """Save to a new folder."""
        self.save_whole(saved)

    @rule(saved=tables)
    def save_whole(self, saved: Files) -> None:
        """Save: what was interrupted before is settled, what was changed by hand replaced."""
        if self.by_hand:
            self.load()
        self.save(saved)
        assert self.there() == saved
        self.possible = [("", saved, saved)]

    @rule(saved=tables, number=operations, how=st.sampled_from([None, None, full, stop]), changed=st.none() | names)
    def interrupt(self, saved: Files, number: int, how: Callable[[], None] | None, changed: str | None) -> None:
        """Save, and be stopped before an operation, killed or by a full disk or Ctrl-C; then a file may be changed."""
        if len(self.possible) > 1:
            self.load()
        ((_, _, manifest),) = self.possible
        self.possible = [("undone", self.there(), manifest), ("finished", saved, saved)]
        if how is None:
            interrupted.killed(lambda: self.save(saved), number, self.parent)
        else:
            with interrupted.at(number, how, self.parent), suppress(OSError, KeyboardInterrupt):
                self.save(saved)
        if changed is not None:
            self.change(changed)

    @rule(name=names)
    def change(self, name: str) -> None:
        """Change a file by hand, as nobody else does."""
        self.changes += 1
        data = b"by hand %d" % self.changes
        (self.folder / name).write_bytes(data)
        if len(self.possible) == 1:
            self.possible = [(told, self.there(), manifest) for told, _, manifest in self.possible]
        else:
            self.by_hand[name] = data

    @rule(name=names)
    def take_away(self, name: str) -> None:
        """Remove a file by hand."""
        if len(self.possible) > 1:
            self.load()
        (self.folder / name).unlink(missing_ok=True)
        self.possible = [(told, self.there(), manifest) for told, _, manifest in self.possible]

    @rule()
    def load(self) -> None:
        """Load: the files are of one save but for what was changed by hand, and all that differs is told."""
        visible = self.there()
        found, save = self.read()
        fitting = [
            (told, saved, manifest)
            for told, saved, manifest in self.possible
            if found == {**saved, **self.by_hand}
            and save.interrupted in {"", told}
            and save.changed == tuple(name for name, data in sorted(found.items()) if data != manifest[name])
            and save.missing == tuple(sorted(manifest.keys() - found.keys()))
            and not save.damaged
        ]
        assert fitting, (found, save, self.possible, self.by_hand)
        assert save.interrupted or found == visible
        assert not [path for path in self.folder.iterdir() if path.name.startswith((".draft", ".gone", ".save"))]
        self.possible = [("", found, fitting[0][2])]
        self.by_hand = {}
        assert self.read() == (found, files.Save("", save.changed, save.missing))

    def read(self) -> tuple[Files, Save]:
        """Read the folder; what the error names that asks what to keep is moved away, and was not touched before."""
        while True:
            visible = self.there()
            try:
                return files.read_settled(self.folder, lambda save: (self.there(), save))
            except PraiError as error:
                name = re.findall(r"and (\S+) has been changed since: to finish the save, move", str(error))[0]
                assert self.there() == visible
                assert visible[name] == self.by_hand.pop(name)
                (self.folder / name).unlink()


TestSavedFolder = SavedFolder.TestCase
TestSavedFolder.settings = examples(45, stateful_step_count=12)
