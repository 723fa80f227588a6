"""Quadrants for the page of components: points in each, undecided ones, beyond the axis, hidden."""

from __future__ import annotations

from django.utils.translation import gettext as _

from perron.lake.provenance import State, state_of
from perron.site.components.quadrants import Point, QuadrantChart
from perron.site.components.specimens import example

#: Quotient with its bounds, what lies near with its bounds, quadrant, and weight: all invented.
_POINTS: tuple[tuple[float | None, float, float, float | None, float, float, int, float], ...] = (
    (2.6, 2.1, 3.2, 1.4, 1.15, 1.6, 2, 900),
    (1.9, 1.5, 2.4, 1.35, 1.1, 1.55, 2, 400),
    (0.4, 0.3, 0.52, 1.5, 1.2, 1.8, 1, 120),
    (1.7, 1.3, 2.2, 0.55, 0.3, 0.8, 4, 700),
    (1.75, 1.4, 2.3, 0.5, 0.25, 0.75, 4, 60),
    (0.6, 0.5, 0.72, 0.7, 0.5, 0.9, 3, 300),
    (None, 0, 0, None, 0, 0, 0, 0),
    (12.0, 8.0, 19.0, 1.3, 1.05, 1.5, 2, 40),
    (0.0, 0.0, 0.05, 0.6, 0.4, 0.8, 3, 0),
    (1.1, 0.8, 1.4, 1.2, 0.9, 1.5, 0, 0),
    (0.9, 0.7, 1.2, 0.8, 0.5, 1.1, 0, 0),
    (1.4, 1.1, 1.8, 1.0, 0.8, 1.3, 0, 0),
)


def quadrants() -> QuadrantChart:
    points = []
    for i, (x, x_low, x_high, y, y_low, y_high, kind, weight) in enumerate(_POINTS):
        name = _("Unité {letter}").format(letter="ABCDEFGHIJKL"[i])
        state = State.SUPPRESSED if x is None else state_of(x)
        bounded = x is not None
        points.append(
            Point(
                f"u{i}",
                name,
                name,
                example(
                    name,
                    x,
                    x_low if bounded else None,
                    x_high if bounded else None,
                    state=state,
                    decimals=2,
                ),
                example(
                    name,
                    y,
                    y_low if bounded else None,
                    y_high if bounded else None,
                    state=State.SUPPRESSED if y is None else state_of(y),
                    decimals=2,
                ),
                kind=kind,
                weight=weight,
                href=f"#unites-u{i}",
            )
        )
    return QuadrantChart(
        title=_("Un point n’est dans un quadrant que si ses deux intervalles le permettent."),
        says=_(
            "Douze unités inventées. L’axe horizontal double à chaque trait ; ce qui en sort finit en flèche, ce qui est supprimé ne laisse aucune marque. À 360 pixels, la page montre des listes à la place."
        ),
        points=points,
        corners=(
            _("Opportunités (1)"),
            _("Forces (3)"),
            _("Faiblesses (2)"),
            _("Menaces (2)"),
        ),
        x_label=_("quotient"),
        y_label=_("voisinage"),
        x_name=_("quotient, référence = 1"),
        y_name=_("voisinage, hasard = 1"),
        source=_("exemple fictif"),
        table_id="unites",
        about=_("quadrants"),
        aside=_("Points creux : 3 unités indécises. Leurs intervalles se montrent au survol."),
    )
