"""The indicators that Perron ships; an agency adds its own and puts others out of use by a form."""

from django.db import migrations

# code, French, English, unit, English unit, decimals, criterion, reading, parameters, description
INDICATORS = [
    ("jobs", "Emplois, toutes branches", "Jobs, all branches", "emplois", "jobs", 0, "jobs",
     "jobs", {"activity": "TOTAL"}, "Personnes occupées au lieu de travail, comptes régionaux."),
    ("jobs-industry", "Emplois dans l’industrie manufacturière", "Jobs in manufacturing", "emplois",
     "jobs", 0, "jobs", "jobs", {"activity": "C"},
     "Personnes occupées au lieu de travail, comptes régionaux."),
    ("jobs-business-services", "Emplois dans les services aux entreprises",
     "Jobs in business services", "emplois", "jobs", 0, "jobs", "jobs", {"activity": "M-N"},
     "Personnes occupées au lieu de travail, comptes régionaux."),
    ("jobs-created", "Emplois créés", "Jobs created", "emplois", "jobs", 0, "jobs", "", {},
     "Emplois que le projet a créés, selon ceux qui le portent."),
    ("enterprises", "Entreprises", "Enterprises", "entreprises", "enterprises", 0, "firms",
     "enterprises", {"activity": "TOTAL"}, "Assujetties à la TVA, comptées à leur siège."),
    ("enterprises-industry", "Entreprises de l’industrie manufacturière",
     "Manufacturing enterprises", "entreprises", "enterprises", 0, "firms", "enterprises",
     {"activity": "C"}, "Assujetties à la TVA, comptées à leur siège."),
    ("establishments", "Établissements", "Establishments", "établissements", "establishments", 0,
     "firms", "establishments", {}, "Unités d’établissement, là où l’on travaille."),
    ("starts", "Créations d’entreprises", "Enterprise starts", "créations", "starts", 0, "firms",
     "starts", {"activity": "TOTAL"}, "Premiers assujettissements à la TVA dans l’année."),
    ("start-rate", "Taux de création", "Start rate", "%", "%", 1, "firms", "start-rate",
     {"activity": "TOTAL"}, "Créations de l’année pour 100 entreprises en fin d’année."),
    ("balance", "Créations moins cessations", "Starts minus stops", "entreprises", "enterprises",
     0, "firms", "balance", {"activity": "TOTAL"}, "Sans les déménagements de siège."),
    ("investment", "Investissement réalisé", "Investment made", "millions d’euros",
     "million euros", 1, "value", "", {}, "Selon ceux qui le portent."),
    ("income", "Revenu par habitant", "Income per inhabitant", "€", "€", 0, "value", "income",
     {"by": "residents"}, "Revenu net imposable, en euros de l’année."),
    ("population", "Habitants", "Inhabitants", "habitants", "inhabitants", 0, "reputation",
     "population", {}, "Population au 1er janvier."),
    ("mentions", "Articles de presse", "Press articles", "articles", "articles", 0, "reputation",
     "", {}, "Comptés par la personne qui suit la presse."),
    ("employment-rate", "Taux d’emploi", "Employment rate", "%", "%", 1, "employment-rate", "", {},
     "Part des 20 à 64 ans qui ont un emploi."),
    ("women-trained", "Part de femmes parmi les personnes formées",
     "Share of women among people trained", "%", "%", 0, "gender", "", {},
     "Selon l’opérateur de formation."),
    ("young-trained", "Jeunes formés", "Young people trained", "personnes", "people", 0, "age", "",
     {}, "Moins de 25 ans, selon l’opérateur de formation."),
    ("small-municipalities", "Entreprises des plus petites communes",
     "Enterprises of the smallest municipalities", "entreprises", "enterprises", 0, "left-behind",
     "small-municipalities", {"below": "10000"},
     "Entreprises dont le siège est dans une commune de moins de 10 000 habitants."),
    ("co2-avoided", "CO₂ évité", "CO₂ avoided", "tonnes", "tonnes", 0, "decarbonisation", "", {},
     "Tonnes par an, selon ceux qui portent le projet."),
]


def ship(apps, schema_editor):
    Term = apps.get_model("directory", "Term")
    Indicator = apps.get_model("ledger", "Indicator")
    for order, row in enumerate(INDICATORS, 1):
        code, name, name_en, unit, unit_en, decimals, criterion, reading, parameters, said = row
        Indicator.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "name_en": name_en, "unit": unit, "unit_en": unit_en,
                "decimals": decimals, "reading": reading, "parameters": parameters,
                "description": said, "order": order * 10,
                "criterion": Term.objects.filter(family="criterion", code=criterion).first(),
            },
        )


class Migration(migrations.Migration):

    dependencies = [("ledger", "0002_head"), ("directory", "0002_words")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
