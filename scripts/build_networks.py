"""Learn the networks that read doubtful texts from the labelled texts of both regions, as the files that are shipped.

Run it from the root of the repository after a change of the readers, of the labelled texts or of the marks and facts
that networks read; it takes twenty minutes. It needs PyTorch, which nothing else here does::

    pip install torch
    python scripts/build_networks.py

What points to workshops in a text is told by readers that didn't learn from it. How sure networks are, is brought to
what is right by a temperature, from a quarter of the texts that a first network didn't learn from. The texts set aside
and those of the tables ``…_unseen`` serve to measure only. The same machine gives the same file. Another one rounds
sums otherwise, and its file differs; what a file says of texts is the same on all machines.
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from _needs.learning import Labelled, fold_of, held_out, named
from build_readers import TABLES, TEXTS, known, texts, turns
from prai_match import Programme
from prai_match.needs import _understanding
from prai_match.needs._network import BUCKETS, FINE, NETWORKS, UNIT, Layer, Network, buckets
from prai_match.needs._pairs import FACTS, WANTED, pairs_of, sequences_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from _needs.learning import Fold
    from prai_match.needs._reader import ExampleReader
    from prai_match.needs._trie import Ints

UNITS: Final = 32
_CLASSES: Final = 4  # wanted, refused, there already, not named
_ROUNDS, _BATCH, _STEP = 6, 64, 4e-3
_LONGEST: Final = 128  # tokens
_FRAMES: Final = "Il nous faut {}", "{}", "Nous voulons {}", "- {}", "besoin : {}"  # of what long lists ask for
_SIGNS: Final = ". ", ", ", "\n", " ; ", " + ", " et ", ".\n"
_HIDDEN: Final = 0.05  # share of words, to learn
_NAME, _TURN = 0.7, 0.3  # weights of the name of a workshop and of a turn of phrase beside 1 of what people write
_PHRASE: Final = 4.0  # and of a short phrase, as grants and officials write them: there are few
_UNWANTED: Final = 0.5  # and of texts that only refuse something or have it already: the tables have too many
_UNTAUGHT: Final = np.array([*(place != WANTED for place in range(FACTS))], np.float32)
_HELD_OUT: Final = 0  # fold from which the temperature is taken
_SHAPES: Final = {
    "marks": (8, UNITS),
    "first": (3 * UNITS, 6 * UNITS),
    "second": (6 * UNITS, 6 * UNITS),
    "facts": (FACTS, UNITS),
    "hidden": (5 * UNITS, UNITS),
    "out": (UNITS, _CLASSES),
}
Weights = dict[str, torch.Tensor]


class Example(NamedTuple):
    """A text with a workshop that it may name: what the network reads of it, and what is right."""

    forms: Ints
    marks: NDArray[np.float32]
    facts: NDArray[np.float32]
    label: int
    weight: float
    fold: int  # -1 if it is always learned from


def examples(words: dict[str, int]) -> list[Example]:
    """Return the examples of both regions; ``words`` gets the words that they have, with their numbers."""
    found: list[Example] = []
    lexicons = [Programme.example(region).lexicon for region in TABLES]
    learned = held_out(
        [(lexicon, known(region)) for lexicon, region in zip(lexicons, TABLES, strict=True)],
        [turns(region) for region in TABLES],
    )
    for lexicon, region, (reader, folds) in zip(lexicons, TABLES, learned, strict=True):
        for rank, fold in enumerate(folds):
            found += _examples(fold, fold.known_by(reader), words, rank)
        paths = sorted((TEXTS / "everyday").glob(f"{region}_later_*.csv"))
        found += _examples(fold_of([each for path in paths for each in texts(path)], lexicon, reader), reader, words)
        names = [Labelled(*each) for each in named(lexicon.compiled, reader.classes)]
        for labelled, weight in ((names, _NAME), ([*lists(names)], _NAME), (turns(region), _TURN)):
            taught = _examples(fold_of(labelled, lexicon, reader), reader, words)
            # Readers learned what is wanted from turns and names: what they say of them is worth nothing.
            found += [each._replace(weight=each.weight * weight, facts=each.facts * _UNTAUGHT) for each in taught]
    return found


def lists(names: Sequence[Labelled]) -> Iterator[Labelled]:
    """Yield texts that ask for three to six things, in sentences or lists."""
    sole = [each for each in names if len(each.needs) == 1]
    for rank in range(0, len(sole), 2):
        size = 3 + rank // 2 % 4
        chosen = [sole[(rank + place * len(sole) // size) % len(sole)] for place in range(size)]
        frame, sign = _FRAMES[rank // 2 % len(_FRAMES)], _SIGNS[rank // 2 % len(_SIGNS)]
        text = sign.join(frame.format(each.text) for each in chosen)
        yield Labelled(text, tuple(need for each in chosen for need in each.needs))


def _examples(fold: Fold, reader: ExampleReader, words: dict[str, int], rank: int = -1) -> Iterator[Example]:
    whole = _understanding.whole_chances(fold.texts, fold.found, reader, reader.blend)
    parts = _understanding.runs(fold.texts, fold.found, reader, reader.blend)
    single = _understanding.whole_runs(whole, fold.texts, fold.found.end > fold.found.begin)
    wanted = np.ones(len(whole))
    wanted[single.text] = _understanding.stances(single, fold.texts, fold.found, reader)[:, 0]
    pairs = pairs_of(parts, whole, fold.found)
    read = sequences_of(pairs, parts, whole, wanted, fold.texts, fold.found, reader)
    phrases = {name for names in TABLES.values() for name in names}
    number = np.array([words.setdefault(form, len(words)) for form in read.forms])
    ends = np.cumsum(read.size)
    for row, (text, topic) in enumerate(zip(pairs.text.tolist(), pairs.topic.tolist(), strict=True)):
        label = fold.needs[text].get(topic, _CLASSES - 1)
        at = slice(ends[row] - read.size[row], min(ends[row], ends[row] - read.size[row] + _LONGEST))
        if label >= 0:
            marks, facts = ((each / FINE).astype(np.float32) for each in (read.marks[at], read.facts[row]))
            weight = _PHRASE if fold.groups[text] in phrases else 1.0
            if len(fold.needs[text]) == 1 and label in {1, 2}:
                weight *= _UNWANTED
            yield Example(number[read.form[at]], marks, facts, label, weight, rank)


def fitted(rows: Sequence[Example], words: Sequence[str], told: str, seed: int = 0) -> Weights:
    """Return the weights that explain the labels of examples best; ``seed`` tells where learning begins."""
    torch.manual_seed(seed)
    chance, rng = random.Random(seed), np.random.default_rng(seed)  # noqa: S311 - the same file is wanted
    weights: Weights = {"words": torch.randn(BUCKETS + 1, UNITS) * 0.1}
    weights["words"][0] = 0
    for name, (inputs, outputs) in _SHAPES.items():
        bound = inputs**-0.5
        weights[name] = (torch.rand(inputs, outputs) * 2 - 1) * bound
        weights[f"{name}_bias"] = (torch.rand(outputs) * 2 - 1) * bound
        if outputs == 6 * UNITS:  # at first, much is kept
            weights[f"{name}_bias"].view(2, 3, UNITS)[:, 1] += 1
    for each in weights.values():
        each.requires_grad_()
    others = [each for name, each in weights.items() if name != "words"]
    optimizer = torch.optim.AdamW([{"params": [weights["words"]], "weight_decay": 0}, {"params": others}], lr=_STEP)
    steps = _ROUNDS * -(-len(rows) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _STEP, total_steps=steps)
    table = _table(words)
    with tqdm(total=steps, desc=told) as bar:
        for _ in range(_ROUNDS):
            order = sorted(rows, key=lambda row: len(row.forms) + 4 * chance.random())
            batches = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
            chance.shuffle(batches)
            for batch in batches:
                label, mass = torch.tensor([row.label for row in batch]), torch.tensor([row.weight for row in batch])
                losses = functional.cross_entropy(values(weights, batch, table, rng), label, reduction="none")
                optimizer.zero_grad()
                ((losses * mass).sum() / mass.sum()).backward()
                torch.nn.utils.clip_grad_norm_([*weights.values()], 1.0)
                optimizer.step()
                schedule.step()
                bar.update()
    return {name: each.detach() for name, each in weights.items()}


def _table(words: Sequence[str]) -> torch.Tensor:
    """Return the buckets of each word, from 1 on (words + 1 x most buckets); 0 stands for none, as in the last row."""
    rows, found = buckets(words)
    order = np.argsort(rows, kind="stable")
    place = np.arange(len(order)) - np.searchsorted(rows[order], rows[order])
    table = np.zeros((len(words) + 1, int(place.max()) + 1), np.int64)
    table[rows[order], place] = found[order] + 1
    return torch.tensor(table)


def values(
    weights: Weights, batch: Sequence[Example], table: torch.Tensor, rng: np.random.Generator | None = None
) -> torch.Tensor:
    """Return the values of the classes (examples x classes); ``rng`` hides words, and units are dropped, to learn."""
    longest = max(len(row.forms) for row in batch)
    forms = np.full((len(batch), longest), len(table) - 1)
    marks = np.zeros((len(batch), longest, _SHAPES["marks"][0]), np.float32)
    for rank, row in enumerate(batch):
        forms[rank, : len(row.forms)], marks[rank, : len(row.forms)] = row.forms, row.marks
    sizes = torch.tensor([len(row.forms) for row in batch])
    inside = (torch.arange(longest) < sizes[:, None])[..., None].float()
    if rng is not None:
        forms[rng.random(forms.shape) < _HIDDEN] = len(table) - 1

    def dropped(each: torch.Tensor, share: float = 0.2) -> torch.Tensor:
        return functional.dropout(each, share, training=rng is not None)

    def through(name: str, each: torch.Tensor) -> torch.Tensor:
        return each @ weights[name] + weights[f"{name}_bias"]

    used, place = torch.unique(torch.tensor(forms), return_inverse=True)
    known = functional.embedding_bag(table[used], weights["words"], mode="sum", padding_idx=0)
    given = torch.tensor(marks)
    found = dropped((known[place] + through("marks", given)).clamp(-1, 1)) * inside
    for name in ("first", "second"):
        beside = functional.pad(found, (0, 0, 1, 1))
        gates = through(name, torch.cat([beside[:, :longest], found, beside[:, 2:]], 2))
        sides = [_remembered(side, inside, back) for back, side in enumerate(gates.split(3 * UNITS, 2))]
        found = torch.cat(sides, 2) * inside
        found = dropped(found) if name == "first" else found
    own = (given[..., :1] > 0).float()
    own = torch.where(own.amax(1, keepdim=True) > 0, own, inside)
    mean = (found * own).sum(1) / own.sum(1)
    facts = dropped(torch.tensor(np.stack([row.facts for row in batch])), 0.1)
    most = found.masked_fill(inside == 0, -UNIT).amax(1)
    hidden = through("hidden", dropped(torch.cat([mean, most, through("facts", facts).clamp(0, 1)], 1), 0.3)).clamp(
        0, 1
    )
    return through("out", dropped(hidden))


def _remembered(gates: torch.Tensor, inside: torch.Tensor, back: int) -> torch.Tensor:
    new, kept, shown = gates.split(UNITS, 2)
    kept, shown = ((each * 0.25 + 0.5).clamp(0, 1) for each in (kept, shown))
    kept = kept * inside + 1 - inside
    added, memory, found = (1 - kept) * new.clamp(-1, 1), torch.zeros_like(new[:, 0]), []
    steps = range(new.shape[1])
    for step in reversed(steps) if back else steps:
        memory = kept[:, step] * memory + added[:, step]
        found.append(memory)
    return torch.stack(found[::-1] if back else found, 1) * shown


def temperature(weights: Weights, rows: Sequence[Example], words: Sequence[str]) -> float:
    """Return the temperature at which what is said of examples is as likely as it is right."""
    table = _table(words)
    order = sorted(rows, key=lambda row: len(row.forms))
    with torch.no_grad():
        found = torch.cat([values(weights, order[at : at + 256], table) for at in range(0, len(order), 256)])
    label = torch.tensor([row.label for row in order])
    steps = [step / 50 for step in range(40, 120)]
    return min(steps, key=lambda each: float(functional.cross_entropy(found / each, label)))


def network(weights: Weights, temperature: float) -> Network:
    """Return weights as integers."""

    def integers(each: torch.Tensor) -> tuple[NDArray[np.int8], float]:
        scale = float(each.abs().max()) / UNIT
        return np.rint(each.numpy() / scale).astype(np.int8), scale

    layers = {}
    for name in _SHAPES:
        share = 1 / temperature if name == "out" else 1.0
        points, scale = integers(weights[name] * share)
        layers[name] = Layer(points, scale, np.rint(weights[f"{name}_bias"].numpy() * share * UNIT).astype(np.int16))
    points, scale = integers(weights["words"][1:])
    return Network(points, layers, scale)


def main() -> int:
    """Learn the networks, and write them."""
    torch.set_num_threads(1)
    words: dict[str, int] = {}
    every = examples(words)
    first = fitted([row for row in every if row.fold != _HELD_OUT], [*words], "temperature")
    found = temperature(first, [row for row in every if row.fold == _HELD_OUT], [*words])
    for rank in range(NETWORKS):
        data = network(fitted(every, [*words], f"network {rank}", rank), found).packed()
        (TEXTS.parents[2] / f"src/prai_match/needs/data/network_{rank}.bin").write_bytes(data)
        print(f"network_{rank}.bin: {len(data) / 1e3:.0f} kB, temperature {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
