"""The sections of NACE in the plain words of a screen; the official labels stay in the lake."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: Sections A to U of NACE Rev. 2 (NACE-BEL 2008), and enterprises without a known activity.
NAMES = {
    "A": _("Agriculture, sylviculture et pêche"),
    "B": _("Industries extractives"),
    "C": _("Industrie manufacturière"),
    "D": _("Énergie"),
    "E": _("Eau, déchets et dépollution"),
    "F": _("Construction"),
    "G": _("Commerce et réparation d’automobiles"),
    "H": _("Transports et entreposage"),
    "I": _("Hébergement et restauration"),
    "J": _("Information et communication"),
    "K": _("Finance et assurance"),
    "L": _("Immobilier"),
    "M": _("Activités spécialisées, scientifiques et techniques"),
    "N": _("Services administratifs et de soutien"),
    "O": _("Administration publique"),
    "P": _("Enseignement"),
    "Q": _("Santé et action sociale"),
    "R": _("Arts, spectacles et loisirs"),
    "S": _("Autres services"),
    "T": _("Ménages employeurs"),
    "U": _("Organismes extraterritoriaux"),
    "?": _("Activité inconnue"),
}
