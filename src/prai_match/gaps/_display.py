"""How notebooks display relay gaps."""

from prai_match.gaps._result import RelayGaps, document
from prai_match.model import Lang
from prai_match.text import display, shown


@shown.register(RelayGaps)
def relay_gaps(gaps: RelayGaps, lang: Lang) -> str:
    """Show, by département, what is missing, who is waiting and who could host it."""
    page = document(gaps, lang)
    return display(page.title, *page.lead, *page.sections, lang=lang)
