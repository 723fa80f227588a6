"""What leaves as a file comes back the same, whatever the texts; formulas leave harmless."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perron import exports
from perron.site.accounts.access import Reader
from perron.site.directory import typed
from perron.site.directory.exchange import outgoing, services
from perron.site.directory.exchange.sorts import KINDS, sort_of
from perron.site.directory.links.services import add_link
from perron.site.directory.models import Contact, Memory, Need, Organisation, Term
from perron.site.directory.organisations import rules
from perron.site.directory.organisations.services import add_organisation

HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["=1+1", "'=1+1", "''=1", "@SUM(A1)", "+32 4", "-2", "\t=x", "a\r\nb", 'a"b;c,d', "<script>",
         "＝1", "0012", "1e5", "31/12/2025", "TRUE", "é" * 10, "_x000D_", "'", "''", "=", "'s"]
    ),
)  # fmt: skip


def there_and_back(reader: Reader, kind: str, form: exports.Format) -> list[str]:
    """The fate of each row of an export that is imported at once."""
    sort = sort_of(kind)
    data = exports.encode(outgoing.export(sort, reader, sort.seen(reader)), form)
    made = services.preview(reader, kind, data, "export")
    found = services.opened(reader, made.pk)[1]
    assert not [fate.changes for fate in found.fates if fate.changes]
    assert not [fate.why for fate in found.fates if fate.why]
    return [fate.fate for fate in found.fates]


@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE), min_size=1, max_size=6))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_export_read_again_says_identical_on_every_row(
    director: Reader, texts: list[tuple[str, str, str, str]]
) -> None:
    Organisation.objects.all().delete()
    for number, (name, address, notes, source) in enumerate(texts):
        # As the services keep what was typed.
        whole = typed.line(f"{name} n{number}"[:200])
        Organisation.objects.create(
            name=whole,
            plain_name=rules.plain(whole),
            address=typed.line(address),
            notes=typed.area(notes),
            source=typed.line(source),
        )
    for form in (exports.Format.CSV, exports.Format.XLSX):
        assert set(there_and_back(director, "organisation", form)) == {"same"}


@pytest.mark.parametrize("form", [exports.Format.CSV, exports.Format.XLSX])
def test_every_kind_comes_back_the_same(director: Reader, form: exports.Format) -> None:
    one = add_organisation(director, name="=Ateliers", company_number="0123456749", sectors=["25"],
                           kind="company", source_date="2025-11", website="https://a.be", fictional=True)  # fmt: skip
    two = add_organisation(director, name="École", confidentiality="restricted", notes="a\nb\n=c")
    term = {t.code: t for t in Term.objects.filter(family__in=("purpose", "need", "memory"))}
    Contact.objects.create(last_name="@Exemple", purpose=term["press"], legal_basis="consent",
                           source="Carte", last_interaction="2025-03-12", mailing=True, organisation=one,
                           email="a@exemple.be", phone="+32 (0)4 000")  # fmt: skip
    Need.objects.create(sentence="Deux soudeurs pour mars.", said_on="2025-03-12", kind=term["skills"],
                        quantity=2, organisation=two, status="closed", outcome="Trouvés.")  # fmt: skip
    Memory.objects.create(title="Four", period="2013-Q4", kind=term["project"], source="Rapport")
    add_link(
        director, "partner-of", ("organisation", str(two.pk)), ("organisation", str(one.pk)), "Ils."
    )
    add_link(
        director, "supplies", ("organisation", str(two.pk)), ("organisation", str(one.pk)), "Ils."
    )
    for kind in KINDS:
        assert set(there_and_back(director, kind, form)) == {"same"}, kind


def test_formulas_leave_harmless(director: Reader) -> None:
    add_organisation(director, name="=HYPERLINK(1)", notes="@x")
    sort = sort_of("organisation")
    export = outgoing.export(sort, director, sort.seen(director))
    rows = list(csv.DictReader(io.StringIO(exports.encode(export, exports.Format.CSV).decode())))
    assert (rows[0]["nom"], rows[0]["notes"]) == ("'=HYPERLINK(1)", "'@x")
    export = outgoing.export(sort, director, sort.seen(director))
    book = openpyxl.load_workbook(io.BytesIO(exports.encode(export, exports.Format.XLSX)))
    assert book.active is not None
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_a_template_is_read_and_its_example_is_refused_until_replaced(director: Reader) -> None:
    for kind in KINDS:
        data = exports.encode(outgoing.template(sort_of(kind)), exports.Format.XLSX)
        made = services.preview(director, kind, data, "modele.xlsx")
        fates = services.opened(director, made.pk)[1].fates
        assert [fate.fate for fate in fates] == ["refused"]
        assert "exemple" in fates[0].why[0][1]


def test_refused_rows_leave_with_their_reason_and_are_read_again_once_mended(
    director: Reader,
) -> None:
    made = services.preview(director, "organisation", b"nom,bce\nBon,\nMal,12\n", "x.csv")
    preview = services.opened(director, made.pk)[1]
    data = exports.encode(outgoing.faults(sort_of("organisation"), preview), exports.Format.CSV)
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert [row["ligne"] for row in rows] == ["3"]
    assert rows[0]["nom"] == "Mal" and "12" in rows[0]["raison du refus"]
    mended = data.replace(b"Mal,12", b"Mal,0123456749")
    made = services.preview(director, "organisation", mended, "x.csv")
    preview = services.opened(director, made.pk)[1]
    assert [fate.fate for fate in preview.fates] == ["added"]
    assert not preview.remarks
