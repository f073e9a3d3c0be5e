"""Une saison à ajuster soi-même · A season to adjust yourself: a marimo notebook.

Open it with ``marimo edit examples/season.py``, or as an application with ``marimo run examples/season.py``.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="full", app_title="Saison · Season")


@app.cell
def _():
    import base64
    import datetime as dt
    import io

    import marimo as mo

    import prai_match as pm
    from prai_match import charts

    return base64, charts, dt, io, mo, pm


@app.cell
def _(base64, io, mo):
    def drawn(chart):
        """Show a chart as wide as the page allows."""
        svg = io.StringIO()
        chart.save(svg, format="svg")
        data = base64.b64encode(svg.getvalue().encode()).decode()
        return mo.image(f"data:image/svg+xml;base64,{data}", style={"max-width": "100%"})

    return (drawn,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # Une saison à régler · A season to adjust

    Déplacez les curseurs : les recommandations, la saison et les explications sont calculées de nouveau. Les poids sont
    ceux de la politique ; ils sont ramenés à un total de 100. L’historique de la région fournie est inventé.

    Move the sliders: recommendations, season and explanations are computed again. The weights are those of the policy;
    they are brought to a total of 100. The history of the bundled region is made.
    """)
    return


@app.cell
def _(mo):
    lang = mo.ui.radio({"Français": "fr", "English": "en"}, value="Français", inline=True, label="Langue · Language")
    weeks = mo.ui.slider(5, 26, value=8, debounce=True, show_value=True, label="Semaines · Weeks")
    budget = mo.ui.slider(
        5_000, 50_000, 5_000, value=15_000, debounce=True, show_value=True, label="Crédits, € · Budget, €"
    )
    seconds = mo.ui.slider(0, 60, 10, debounce=True, show_value=True, label="Recherche, s · Search, s")
    equity = mo.ui.slider(0, 40, value=30, debounce=True, show_value=True, label="Équité · Equity")
    needs = mo.ui.slider(0, 40, value=19, debounce=True, show_value=True, label="Besoins · Needs")
    follow_ups = mo.ui.slider(0, 40, value=28, debounce=True, show_value=True, label="Suites · Follow-ups")
    mo.vstack(
        [
            lang,
            mo.hstack([mo.vstack([weeks, budget, seconds]), mo.vstack([equity, needs, follow_ups])], justify="start"),
        ]
    )
    return budget, equity, follow_ups, lang, needs, seconds, weeks


@app.cell
def _(dt, pm):
    # Votre dossier · Your own folder: pm.Programme.load("my_programme")
    programme = pm.Programme.example()
    start = dt.date(2007, 9, 3)
    usual = programme.recommend(on=start)
    return programme, start, usual


@app.cell
def _(equity, follow_ups, needs, programme, start):
    policy = programme.policy.with_weights(equity=equity.value, need_strength=needs.value, follow_up=follow_ups.value)
    recs = programme.recommend(on=start, policy=policy)
    return policy, recs


@app.cell
def _(budget, dt, policy, programme, seconds, start, weeks):
    plan = programme.plan(
        start,
        start + dt.timedelta(weeks=weeks.value),
        budget=budget.value,
        policy=policy,
        time_limit=seconds.value,
    )
    return (plan,)


@app.cell
def _(lang, mo, plan):
    _heading, *_lines = plan.summary(lang.value)
    mo.md("\n".join([f"## {_heading}", *(f"- {line}" for line in _lines)]))
    return


@app.cell
def _(charts, drawn, lang, mo, plan):
    mo.ui.tabs(
        {
            "Calendrier · Calendar": drawn(charts.plan_calendar(plan, lang.value)),
            "Carte · Map": drawn(charts.plan_map(plan, lang.value)),
            "Sessions": mo.ui.table(plan.to_polars(lang.value), selection=None),
            "Invitations": mo.ui.table(plan.invitations(lang.value), selection=None),
            "Non servis · Not served": mo.ui.table(
                plan.unserved(lang.value).select("territory", "session", "score", "sentence"), selection=None
            ),
        }
    )
    return


@app.cell
def _(lang, mo, plan):
    mo.hstack(
        [
            mo.download(plan.to_icalendar(lang.value), "saison.ics", "text/calendar", label="Agenda · Calendar (.ics)"),
            mo.download(
                plan.to_polars(lang.value).write_csv().encode(), "saison.csv", "text/csv", label="Sessions (.csv)"
            ),
        ],
        justify="start",
    )
    return


@app.cell
def _(mo, recs):
    territory = mo.ui.dropdown(
        {f"{rec.name} ({rec.territory})": rec.territory for rec in sorted(recs, key=lambda rec: rec.name)},
        value=f"{recs['200066231'].name} (200066231)",
        searchable=True,
        label="Territoire · Territory",
    )
    territory
    return (territory,)


@app.cell
def _(lang, mo, recs, territory):
    mo.Html(recs[territory.value].html(lang.value))
    return


@app.cell
def _(lang, mo, recs, usual):
    # Ce que ces poids changent · What these weights change
    mo.Html((recs - usual).html(lang.value))
    return


if __name__ == "__main__":
    app.run()
