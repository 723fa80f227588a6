"""The words that Perron ships; an agency adds its own and puts others out of use by a form."""

from django.db import migrations

# family: [(code, French, English, inverse in French, inverse in English, social)]
WORDS = {
    "organisation": [
        ("company", "entreprise", "company"), ("start-up", "jeune pousse", "start-up"),
        ("university", "université", "university"),
        ("higher-education", "haute école", "university college"),
        ("training-provider", "opérateur de formation", "training provider"),
        ("research", "centre de recherche", "research centre"),
        ("public-body", "administration ou organisme public", "public body"),
        ("municipality", "commune ou intercommunale", "municipality or inter-municipal company"),
        ("federation", "fédération ou réseau", "federation or network"),
        ("cluster", "pôle ou grappe", "cluster"), ("investor", "investisseur", "investor"),
        ("culture", "opérateur culturel ou sportif", "culture or sport"),
        ("media", "média", "media"), ("association", "association", "association"),
        ("infrastructure", "infrastructure ou site", "infrastructure or site"),
    ],
    "purpose": [
        ("projects", "suivi de projets", "following projects"),
        ("needs", "réponse à un besoin", "answering a need"),
        ("training", "interface de formation", "training interface"),
        ("events", "évènements et invitations", "events and invitations"),
        ("press", "relations de presse", "press relations"),
        ("governance", "vie des instances", "governing bodies"),
    ],
    "need": [
        ("skills", "compétences", "skills"), ("land", "terrain ou locaux", "land or premises"),
        ("finance", "financement", "finance"), ("partner", "partenaire", "partner"),
        ("permit", "permis ou procédure", "permit or procedure"),
        ("research", "recherche et développement", "research and development"),
        ("market", "débouché", "market"), ("other", "autre", "other"),
    ],
    "link": [
        ("partner-of", "est partenaire de", "is a partner of", "est partenaire de", "is a partner of"),
        ("supplies", "fournit", "supplies", "est fourni par", "is supplied by"),
        ("trains-for", "forme pour", "trains for", "recrute parmi les formés de", "hires those trained by"),
        ("member-of", "est membre de", "is a member of", "a pour membre", "has as a member"),
        ("owns", "détient", "owns", "est détenu par", "is owned by"),
        ("funds", "finance", "funds", "est financé par", "is funded by"),
        ("located-in", "est établi à", "is located in", "accueille", "hosts"),
        ("active-in", "est actif dans", "is active in", "compte", "includes"),
        ("carries", "porte", "carries", "est porté par", "is carried by"),
        ("takes-part-in", "participe à", "takes part in", "réunit", "gathers"),
        ("answers", "répond à", "answers", "reçoit une réponse de", "is answered by"),
        ("follows-from", "découle de", "follows from", "a conduit à", "led to"),
        ("concerns", "concerne", "concerns", "est concerné par", "is concerned by"),
    ],
    "memory": [
        ("project", "projet", "project"), ("event", "évènement", "event"),
        ("report", "rapport ou étude", "report or study"), ("decision", "décision", "decision"),
        ("workshop", "atelier", "workshop"),
    ],
    "commitment": [
        ("axis", "révision d’axe", "axis revision"), ("project", "projet", "project"),
        ("training", "demande de formation", "training request"),
        ("workshop", "action d’atelier", "workshop action"), ("event", "évènement", "event"),
        ("sponsorship", "parrainage", "sponsorship"), ("other", "autre décision", "other decision"),
    ],
    "stage": [
        ("prepared", "en préparation", "in preparation"), ("decided", "décidé", "decided"),
        ("running", "en cours", "under way"), ("done", "achevé", "completed"),
        ("stopped", "arrêté", "stopped"),
    ],
    "challenge": [
        ("transition", "transition industrielle", "industrial transition"),
        ("labour", "emploi et compétences", "work and skills"),
        ("land", "foncier et procédures", "land and procedures"),
        ("climate", "climat et énergie", "climate and energy"),
        ("society", "société", "society"), ("image", "image", "image"),
    ],
    "criterion": [
        ("jobs", "emploi", "jobs", "", "", False),
        ("firms", "tissu d’entreprises", "enterprises", "", "", False),
        ("value", "valeur ajoutée et investissement", "value added and investment", "", "", False),
        ("reputation", "attractivité et notoriété", "attractiveness and reputation", "", "", False),
        ("employment-rate", "taux d’emploi", "employment rate", "", "", True),
        ("gender", "égalité des genres", "gender equality", "", "", True),
        ("age", "jeunes et aînés", "young and older people", "", "", True),
        ("left-behind", "communes laissées de côté", "municipalities left behind", "", "", True),
        ("decarbonisation", "décarbonation", "decarbonisation", "", "", True),
    ],
}


def ship(apps, schema_editor):
    Term = apps.get_model("directory", "Term")
    for family, words in WORDS.items():
        for order, word in enumerate(words, 1):
            code, name, name_en, inverse, inverse_en, social = (*word, *("", "", False)[len(word) - 3 :])
            Term.objects.get_or_create(
                family=family,
                code=code,
                defaults={
                    "name": name, "name_en": name_en, "inverse": inverse, "inverse_en": inverse_en,
                    "social": social, "order": order * 10,
                },
            )


class Migration(migrations.Migration):

    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
