"""How what stands around the terms of a text is weighed, with a lexicon made for it."""

from __future__ import annotations

import pytest

from needs.jardin import lexicon, said
from prai_match.needs import classify


@pytest.mark.parametrize(
    ("text", "workshop", "axis", "score"),
    [
        ("télescope", "astronomie", "lune", 93.7),
        ("lunette", "astronomie", "soleil", 75.5),
        ("filtre", None, None, 0.0),
        # Terms add up as chances that one of them at least is meant; one said twice counts once.
        ("filtre filtre", None, None, 0.0),
        ("lunette, lunette", "astronomie", "soleil", 75.5),
        ("filtre lunette", "astronomie", "soleil", 83.9),
        ("télescope lunette", "astronomie", "lune", 96.2),
        ("télescope filtre lunette", "astronomie", "lune", 96.6),
        ("sel pain marmite", "cuisine", None, 96.6),
        ("sel poivre", None, None, 0.0),
        ("sel poivre thym", "cuisine", None, 74.4),
        ("sel poivre thym marmite", "cuisine", None, 96.1),
        # The body's own place counts as a middling term, once, and for the terms alone that it makes surer.
        ("télescope mairie", "astronomie", "lune", 96.2),
        ("télescope mairie. télescope mairie", "astronomie", "lune", 96.2),
        ("lunette mairie", "astronomie", "soleil", 75.5),
        ("télescope. mairie", "astronomie", "lune", 93.7),
    ],
)
def test_what_a_text_scores(text: str, workshop: str | None, axis: str | None, score: float) -> None:
    assert classify([text], lexicon()).row(0)[1:4] == (workshop, axis, score)


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        # The strongest term wins, then all the terms together, then what comes first.
        ("pain télescope", "télescope"),
        ("lunette rose haie", "rose + haie"),
        ("rose haie pain", "rose + haie"),
        ("rose rose pain", "rose"),
        ("pain rose rose", "pain"),
        ("télescope pain rose", "télescope"),
        ("télescope marmite pain rose haie", "marmite + pain"),
        ("marmite télescope", "marmite"),
        ("télescope marmite", "télescope"),
        # Weak terms and places make no workshop stronger than another.
        ("pain lunette filtre", "pain"),
        ("marmite, télescope mairie", "marmite"),
        # Several alike: what comes first.
        ("rose lunette pain", "rose"),
        ("rose lunette", "rose"),
        ("rose lunette pain sel", "rose"),
        ("rose lunette pain télescope", "lunette + télescope"),
        # A mere tool gives way to what it serves, whatever its strength; alone it counts.
        ("marteau pain", "pain"),
        ("marteau télescope", "télescope"),
        ("marteau", "marteau"),
        ("marteau sel", "marteau"),
        # The strongest of the terms that are too weak, or silenced, gives the reason; the first of those alike.
        ("sel filtre", "too_weak"),
        ("sel. sans télescope", "negated"),
        ("sel, télescope musée", "excluded_context"),
        # What is refused counts before what is there already.
        ("pain déjà. sans rose", "negated"),
        ("sans rose. pain déjà", "negated"),
        ("pain déjà. sans télescope", "negated"),
    ],
)
def test_which_workshop_is_named(text: str, decided: str) -> None:
    assert said(text) == decided


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        # A place excludes the terms of the workshops that it names, but for those that hold in spite of it.
        ("télescope musée", "excluded_context"),
        ("musée télescope", "excluded_context"),
        ("musée x x x x x x x x x x x x télescope", "excluded_context"),
        ("marmite musée", "marmite"),
        ("télescope lunette musée. lunette filtre musée. lunette", "filtre + lunette"),
        ("musée. télescope", "télescope"),
        # What is named after a term, or with that, decides; else what is named before it.
        ("musée télescope mairie", "télescope"),
        ("mairie télescope musée", "excluded_context"),
        ("télescope mairie musée", "télescope"),
        ("télescope musée mairie", "excluded_context"),
        ("télescope mairie, musée", "télescope"),
        ("télescope musée, mairie", "télescope"),
        ("télescope musée que mairie", "télescope"),
        ("télescope musée hangar, mairie", "télescope"),
        ("musée, mairie télescope", "télescope"),
        ("musée x mairie télescope", "télescope"),
        ("mairie x musée télescope", "excluded_context"),
        ("mairie et musée télescope", "télescope"),
        # The museum of the town hall is a museum.
        ("télescope musée de la mairie", "excluded_context"),
        ("musée de la mairie télescope", "excluded_context"),
        # An action that begins after a comma or "et" has places of its own.
        ("achat marmite hangar, pose télescope", "excluded_context"),
        ("achat télescope, pose marmite hangar", "télescope"),
        ("achat télescope, pose marmite musée", "télescope"),
        ("achat télescope pose marmite musée", "marmite"),
        ("achat marmite musée, pose lunette", "marmite"),
        ("achat télescope mairie et pose x musée", "télescope"),
        # A place that is passed on holds for what is asked for after it, whatever the action.
        ("hangar x x x marmite", "excluded_context"),
        ("achat x hangar, pose marmite", "excluded_context"),
        ("achat x musée, pose télescope", "télescope"),
        ("achat marmite, pose x hangar", "marmite"),
        ("hangar, mairie, pose marmite", "marmite"),
        # A subject excludes what bears on it; a theme of the sentence, all of it.
        ("marmite exposition", "excluded_context"),
        ("exposition marmite", "excluded_context"),
        ("marmite, exposition", "marmite"),
        ("marmite et exposition", "marmite"),
        ("exposition, marmite", "marmite"),
        ("planète x x x x x x x x x x x x, x marmite", "excluded_context"),
        ("marmite et pose planète", "excluded_context"),
        ("planète. marmite", "marmite"),
        ("achat x, pose marmite exposition", "excluded_context"),
        # A subject that explains why nothing is said is told where nothing else is.
        ("exposition", "excluded_context"),
        ("planète", "no_term"),
        ("pas besoin. exposition", "excluded_context"),
        ("exposition. marmite", "marmite"),
        ("exposition. musée", "excluded_context"),
    ],
)
def test_a_place_or_a_subject_excludes(text: str, decided: str) -> None:
    assert said(text) == decided


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("sans télescope", "negated"),
        ("pas besoin télescope marmite", "negated"),
        ("x, pas besoin télescope", "negated"),
        # Up to a wish, or to a comma that opens another matter.
        ("pas besoin télescope souhaite marmite", "marmite"),
        ("pas besoin télescope, souhaite marmite", "marmite"),
        ("pas besoin télescope souhaite four", "souhaite four"),
        ("pas besoin télescope, refaire four", "refaire four"),
        ("sans souhaite télescope", "negated"),
        ("pas besoin télescope, x marmite", "marmite"),
        ("pas besoin télescope, marmite", "negated"),
        ("pas besoin télescope, pain, marmite", "negated"),
        ("pas besoin télescope, ni x marmite", "negated"),
        ("pas besoin télescope, et x marmite", "negated"),
        ("pas besoin télescope, ou x marmite", "negated"),
        ("pas besoin télescope, marmite refaire", "marmite"),
        ("pas besoin télescope, marmite souhaite", "marmite"),
        ("pas besoin télescope, x, pain", "pain"),
        # What is said after the next comma is another matter: the list goes on.
        ("pas besoin télescope, pain, souhaite haie", "haie"),
        ("pas besoin télescope, pain, refaire haie", "haie"),
        # Where nothing comes after, what comes before: of the same part of the sentence, or of the last one.
        ("télescope pas besoin", "negated"),
        ("télescope, pas besoin", "negated"),
        ("télescope, marmite pas besoin", "télescope"),
        ("télescope, marmite, pas besoin", "télescope"),
        ("télescope, x x x, pas besoin", "negated"),
        # Or what was asked just before, unless something else is wished first.
        ("télescope ? pas besoin", "negated"),
        ("télescope ? x x souhaite, pas besoin", "télescope"),
        ("télescope ? pas besoin, souhaite x", "negated"),
        ("télescope. pas besoin", "télescope"),
        ("télescope ? x. pas besoin", "télescope"),
        ("télescope ?\nPas besoin", "negated"),
        # A short sentence without a term refuses all; a long one may speak of something else.
        ("pas besoin", "negated"),
        ("pas besoin x x x x", "negated"),
        ("pas besoin x x x x x", "no_term"),
        ("x. pas besoin", "negated"),
        ("x x x x. pas besoin. x", "negated"),
        # What is refused and there already is refused.
        ("télescope déjà, pas besoin", "negated"),
    ],
)
def test_a_refusal_reaches_so_far(text: str, decided: str) -> None:
    assert said(text) == decided


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        # What comes before, else what comes after, else what was asked just before.
        ("télescope déjà", "already_has"),
        ("déjà télescope", "already_has"),
        ("télescope ? déjà", "already_has"),
        ("télescope. déjà", "télescope"),
        ("télescope déjà marmite", "marmite"),
        ("télescope déjà, marmite", "marmite"),
        ("télescope, déjà marmite", "marmite"),
        ("télescope marmite, déjà", "already_has"),
        ("télescope ? souhaite x, déjà", "télescope"),
        ("marmite pleine", "already_has"),
        # Unless it is denied: at once after, or at most four words before.
        ("jamais déjà télescope", "télescope"),
        ("télescope jamais déjà", "télescope"),
        ("télescope jamais x x x x déjà", "télescope"),
        ("télescope jamais x x x x x déjà", "already_has"),
        ("télescope jamais, déjà", "already_has"),
        ("télescope jamais x: x déjà", "already_has"),
        ("télescope déjà jamais", "télescope"),
        ("télescope déjà x jamais", "already_has"),
        # What works well is there, unless it is asked whether it does, or wished or bought.
        ("télescope marche bien", "already_has"),
        ("marche bien télescope", "already_has"),
        ("télescope marche bien ?", "télescope"),
        ("télescope déjà ?", "already_has"),
        ("souhaite télescope marche bien", "télescope"),
        ("achat télescope marche bien", "télescope"),
        ("souhaite x, télescope marche bien", "already_has"),
        ("souhaite télescope déjà", "already_has"),
        ("télescope achat marche bien", "already_has"),
    ],
)
def test_what_is_there_already_is_not_asked_for(text: str, decided: str) -> None:
    assert said(text) == decided


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        # Said of the term itself, or just before it, up to the next term.
        ("télescope déjà vieux", "télescope"),
        ("déjà télescope vieux", "télescope"),
        ("déjà vieux télescope", "télescope"),
        ("vieux télescope déjà", "télescope"),
        ("vieux x télescope déjà", "already_has"),
        ("déjà vieux x télescope", "télescope"),
        ("déjà télescope marmite vieux", "marmite"),
        ("télescope déjà refaire four", "refaire four"),
        ("télescope vieux marmite déjà", "télescope"),
        ("télescope déjà, marmite vieux", "marmite"),
        # Or a wish after the last term.
        ("télescope déjà souhaite x", "télescope"),
        ("télescope souhaite déjà", "télescope"),
        ("souhaite télescope déjà", "already_has"),
        ("télescope déjà souhaite marmite", "marmite"),
        # Or in the next sentence, before any other term, or apart from it.
        ("télescope déjà. vieux", "télescope"),
        ("télescope déjà. souhaite x", "télescope"),
        ("télescope déjà mais vieux", "télescope"),
        ("télescope déjà. x. vieux", "already_has"),
        ("télescope déjà.\n\nVieux", "télescope"),
        ("télescope déjà. vieux pain", "pain"),
        ("télescope déjà. vieux, pain", "télescope"),
        ("télescope déjà. souhaite, pain", "pain"),
        ("télescope déjà. pain, vieux", "pain"),
        ("télescope déjà marmite déjà. vieux", "marmite"),
        ("télescope déjà. x", "already_has"),
    ],
)
def test_what_is_there_already_may_be_made_anew(text: str, decided: str) -> None:
    assert said(text) == decided
