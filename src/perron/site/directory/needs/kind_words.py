"""What kind of need a sentence speaks of: the first word that says it, in folded letters."""

from __future__ import annotations

import re

#: Stems that say the kind by themselves; the first in the sentence wins.
_CLEAR = {
    "skills": (
        "technicien", "soudeu", "operateur", "operatrice", "ingenieur", "electricien", "mecanicien",
        "automaticien", "chauffeur", "forma(?:tion|teur|trice)", "former ", "competence", "apprenti",
        "stage", "stagiaire", "personnel", "main[- ]d'(?:œ|oe)uvre", "ouvrier", "ouvriere", "employe",
        "candidat", "recrut", "embauch", "engag(?:er|ement de) ", "infirmi", "developpeu", "codeu",
        "cuisini", "boulang", "bouch(?:er|ere)s?(?!\\w)", "magasini", "cariste", "comptable",
        "commerciaux", "monteur", "tuyauteur", "macon", "carreleur", "couvreur", "usineur", "fraiseur",
        "tourneur", "programmeu", "analyste", "dev(?!\\w)", "alternan", "metier", "qualification",
        "reconversion", "reclass", "interimaire", "travailleur", "collaborateur", "grutier",
        "conducteur de", "preparateur", "agent de", "aide[- ]soignant", "menuisi", "peintre",
        "plombi", "chauffagiste", "frigoriste", "laborantin", "docteur", "data scientist",
        "chef de (?:projet|chantier|equipe)", "responsable", "assistant", "secretaire", "vendeu",
        "livreur", "coach", "certificat", "habilitation", "apprendre", "enseignant", "informaticien",
        "dessinat", "projeteur", "bagagiste", "coffreur", "ferrailleur", "manutentionnaire",
    ),
    "land": (
        "terrain", "hall", "batiment", "bureaux", "local(?!e)", "locaux", "entrepot", "parcelle",
        "hectare", "superficie", "foncier", "friche", "atelier", "depollution", "zoning", "espace",
        "surface", "hangar", "site (?:industriel|d'activite)", "coworking", "showroom", "salle",
    ),
    "finance": (
        "financ", "subside", "subvention", "pret(?:s)?(?!\\w)", "credit", "capita", "investisseur",
        "repreneur", "levee de fonds", "fonds", "budget", "prime", "garantie", "tresorerie", "sponsor",
        "aide (?:a l'investissement|financiere)", "leasing",
    ),
    "permit": (
        "permis", "autorisation", "urbanisme", "derogation", "agrement", "licence d'exploit",
        "etude d'incidences", "procedure", "enquete publique", "homologation", "demarche",
    ),
    "research": (
        "recherche et developpement", "r&d", "projet de recherche", "laboratoire d", "labo(?!\\w)",
        "essais", "prototyp", "brevet", "etude de faisabilite", "innovation", "caracterisation",
        "banc d'essai", "expertise scientifique", "doctorant", "doctorat", "recherche sur",
        "modelisation", "anteriorite",
    ),
    "market": (
        "client", "debouche", "acheteur", "distributeur", "export", "marche(?:s)?(?! a )(?!\\w)",
        "vendre", "vente", "appel d'offres", "prospect", "commande", "revendeur", "agent commercial",
    ),
    "partner": (
        "partenaire", "partenariat", "sous-trait", "fournisseur", "consortium", "transporteur",
        "fabricant", "cooperation", "collaboration", "prestataire", "bureau d'etude", "fabriquer",
    ),
    "other": (
        "bus(?!\\w)", "navette", "mobilite", "logement", "creche", "raccordement", "fibre optique",
        "covoiturage", "transport en commun", "gaz(?!\\w)", "puissance electrique", "securite du site",
        "autre besoin", "borne",
    ),
}  # fmt: skip
#: Words that only hint at it; asked where no clear one is there.
_HINTS = {
    "skills": (
        "personnes?",
        "profils?",
        "postes?",
        "reglage",
        "conduite",
        "soudage",
        "usinage",
        "maitrise",
        "connaissance",
    ),
    "land": ("louer", "location", "m2", "ha", "ares?", "ext(?:ension)"),
    "finance": ("€", "euros?"),
    "permit": ("dossier", "reglement", "commune"),
    "research": ("recherche", "etude", "tester", "test"),
    "market": ("ventes?", "public"),
}
#: Endings of the names of occupations, and words that end so without being one.
OCCUPATION = re.compile(
    r"(?<!\w)(?!(?:secteur|moteur|valeur|ordinateur|conteneur|capteur|ascenseur|interieur|exterieur"
    r"|superieur|inferieur|leur|plusieurs|ailleurs|heure|couleur|chaleur|vapeur|hauteur|largeur|longueur"
    r"|epaisseur|meilleur|producteur d'|convertisseur|generateur|compresseur|refroidisseur|premier|dernier"
    r"|chantier|quartier|dossier|papier|acier|atelier|metier|fichier|calendrier|courrier|piste|liste|entier"
    r"|particulier|regulier|palier|levier|foyer|loyer|janvier|fevrier|ancien|quotidien|moyen|bien|rien|lien"
    r"|italien|europeen|entretien|soutien|distributeur|fournisseur|acheteur|investisseur|demonstrateur"
    r"|secteurs|visiteur|utilisateur|ampleur|faveur|vigueur|rigueur|erreur|fleur|majeur|mineur)s?(?!\w))"
    r"[a-z]{3,}(?:eurs?|euses?|trices?|iciens?|iciennes?|istes?|iers?|ieres?|logues?|aires?(?<=naires))(?!\w)"
)  # fmt: skip


def _compiled(words: dict[str, tuple[str, ...]], end: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(k, re.compile(r"(?<![\w-])(?:" + "|".join(w) + ")" + end)) for k, w in words.items()]


_CLEAR_PATTERNS = _compiled(_CLEAR, r"\w*")
_HINT_PATTERNS = _compiled(_HINTS, r"(?!\w)")


def kind_of(plain: str, start: int = 0) -> tuple[str, int, int] | None:
    """The code of the kind and the span of the word that says it; None where no word does.

    `start` is where the need begins, after who says it.
    """
    if found := _first(_CLEAR_PATTERNS, plain, start):
        return found
    if job := OCCUPATION.search(plain, start):
        return "skills", job.start(), job.end()
    return _first(_HINT_PATTERNS, plain, start)


def _first(
    patterns: list[tuple[str, re.Pattern[str]]], plain: str, start: int
) -> tuple[str, int, int] | None:
    found = [(m.start(), -m.end(), kind) for kind, p in patterns if (m := p.search(plain, start))]
    if not found:
        return None
    start, end, kind = min(found)
    return kind, start, -end


def is_occupation(word: str) -> bool:
    """Whether a folded word names people by their work."""
    skills = _CLEAR_PATTERNS[0][1]
    work = skills.match(word) and not re.match("forma|competence|stage$|metier|certificat", word)
    return bool(work or OCCUPATION.match(word))
