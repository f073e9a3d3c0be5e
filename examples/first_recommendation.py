"""A first recommendation: the next offer for one territory, why, and the result of another policy.

Run it with ``python examples/first_recommendation.py``.
"""

from __future__ import annotations

import datetime as dt

import prai_match as pm

ON = dt.date(2007, 9, 3)
TERRITORY = "200066231"


def main() -> None:
    """Recommend with the default policy, explain, and compare with a policy that favours follow-ups."""
    programme = pm.Programme.example()
    recs = programme.recommend(on=ON, top=3)
    print(recs)

    rec = recs[TERRITORY]
    print(rec.why(lang="fr"))
    for offer in rec.alternatives:
        print(f"  or {offer.session}, {offer.score:.1f} of 100, with {offer.partner} and {offer.trainer}")

    following = pm.Policy.default().with_weights(follow_up=60, need_strength=5)
    after = programme.recommend(on=ON, policy=following)
    changed = [new.name for old, new in zip(recs, after, strict=True) if old.session != new.session]
    print(f"With follow-ups before needs, {len(changed)} territories would be offered another session.")


if __name__ == "__main__":
    main()
