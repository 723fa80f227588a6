"""Two records that are one organisation become one, and can be parted again as they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from perron.errors import InputError, demand
from perron.site.accounts.access import Capability, Reader, visible
from perron.site.accounts.models import Confidentiality, User
from perron.site.directory import records, typed
from perron.site.directory.models import (
    Contact,
    Link,
    Memory,
    Merge,
    Need,
    Organisation,
    OrganisationSector,
)
from perron.site.directory.organisations.services import demand_kept, named
from perron.site.directory.rights import demand_right
from perron.site.directory.search import services as search

KIND = "organisation"
#: What belongs to an organisation and goes where it goes.
BELONGING: dict[str, type[Contact] | type[Need] | type[Memory]] = {
    "contact": Contact,
    "need": Need,
    "memory": Memory,
}
#: Fields of the kept record that are filled from the other where they are empty; those of a line
#: belong together.
FILLED: tuple[tuple[str, ...], ...] = (
    ("short_name",),
    ("kind_id",),
    ("company_number",),
    ("place", "address"),
    ("website",),
    ("makes",),
    ("known_for",),
    ("notes",),
    ("source", "source_url", "source_date"),
)
_RANK = {Confidentiality.PUBLIC: 0, Confidentiality.AGENCY: 1, Confidentiality.RESTRICTED: 2}
_SOME = 900


def filled(kept: Organisation, absorbed: Organisation) -> dict[str, Any]:
    """What the kept record takes over from the other: only where it says nothing itself."""
    found: dict[str, Any] = {}
    for together in FILLED:
        if not any(getattr(kept, name) for name in together):
            found |= {n: v for n in together if (v := getattr(absorbed, n))}
    return found


def more_closed(kept: Organisation, absorbed: Organisation) -> bool:
    """Whether more people may read the kept record than the other, whose facts it would open."""
    return (
        _RANK[Confidentiality(absorbed.confidentiality)]
        > _RANK[Confidentiality(kept.confidentiality)]
    )


@transaction.atomic
def merge(reader: Reader, kept: int, absorbed: int, reason: str) -> Merge:
    """Make two records one: what belongs to `absorbed` goes to `kept`, and it is hidden.

    RefusedError with a sentence by field. Nothing is lost: `undo` parts them again.
    """
    demand_right(reader, Capability.DIRECTORY_WRITE)
    one, other = _locked(reader, kept, absorbed)
    why = typed.line(reason)
    faults = {}
    if len(why) < 3:
        faults["reason"] = _("Dites en une phrase pourquoi c’est la même organisation.")
    elif len(why) > 300:
        faults["reason"] = typed.longer_than(why, 300)
    if more_closed(one, other):
        faults["kept"] = _(
            "« {name} » se lit par moins de personnes : gardez cette fiche-là, ou ouvrez-la d’abord."
        ).format(name=other.name)
    demand(faults)
    made = Merge.objects.create(
        kept=one, absorbed=other, reason=why, by=reader.person, at=timezone.now()
    )
    made.moved = {
        **{name: _move(model, other.pk, one.pk) for name, model in BELONGING.items()},
        "user": _move_users(other.pk, one.pk),
        "sectors": _add_sectors(one, other),
        **_move_links(other.pk, one.pk, made.pk),
        "filled": filled(one, other),
    }
    made.save(update_fields=["moved"])
    other.merged_into = one
    said = _("Fiche réunie à « {name} » : {why}").format(name=one.name, why=why)
    records.saved(reader, other, "organisation-absorbed", said, {"merged_into": [None, one.pk]})
    changes = {name: [getattr(one, name), value] for name, value in made.moved["filled"].items()}
    for name, value in made.moved["filled"].items():
        setattr(one, name, value)
    said = _("« {name} » est réunie à cette fiche : {why}").format(name=other.name, why=why)
    records.saved(reader, one, "organisation-merged", said, changes)
    _indexed(made)
    return made


@transaction.atomic
def undo(reader: Reader, merge: int) -> list[str]:
    """Part two records that were merged; what was changed since stays, and is told in sentences."""
    demand_right(reader, Capability.DIRECTORY_WRITE)
    made = Merge.objects.select_for_update(of=("self",)).filter(pk=merge, undone=None).first()
    if (
        made is None
        or not visible(Organisation.objects.filter(pk=made.absorbed_id), reader).exists()
    ):
        raise InputError(_("Cette réunion n’existe pas, ou est déjà défaite."))
    one = records.locked(Organisation, made.kept_id, reader)
    other = records.locked(Organisation, made.absorbed_id, reader)
    _demand_last(made)
    told = _unfill(one, made.moved["filled"])
    _demand_number_free(one, other)
    moved = made.moved
    told += [
        said
        for name, model in BELONGING.items()
        if (said := _stayed(len(moved[name]) - _move_back(model, moved[name], one.pk, other.pk)))
    ]
    User.objects.filter(pk__in=moved["user"], organisation=one.pk).update(organisation=other.pk)
    OrganisationSector.objects.filter(organisation=one, activity__in=moved["sectors"]).delete()
    told += _move_links_back(made)
    made.undone = timezone.now()
    made.save(update_fields=["undone"])
    said = _("« {name} » est à nouveau une fiche à part.").format(name=other.name)
    records.saved(
        reader, one, "merge-undone", said, {n: [v, ""] for n, v in moved["filled"].items()}
    )
    other.merged_into = None
    records.saved(reader, other, "merge-undone", said, {"merged_into": [one.pk, None]})
    _indexed(made)
    return told


def _locked(reader: Reader, kept: int, absorbed: int) -> tuple[Organisation, Organisation]:
    if kept == absorbed:
        demand({"other": _("Une fiche ne se réunit pas à elle-même : choisissez-en une autre.")})
    # Always in the same order, so that two persons never wait for one another.
    found = {key: records.locked(Organisation, key, reader) for key in sorted((kept, absorbed))}
    for one in found.values():
        demand_kept(one)
    return found[kept], found[absorbed]


def _demand_last(made: Merge) -> None:
    """Merges that touch the same records are undone from the latest to the first."""
    ours = {made.kept_id, made.absorbed_id}
    links = {key for key, _side in made.moved["links"]} | set(made.moved["withdrawn"])
    later = Merge.objects.filter(pk__gt=made.pk, undone=None).select_related("kept", "absorbed")
    for one in later:
        theirs = {key for key, _side in one.moved["links"]} | set(one.moved["withdrawn"])
        if ours & {one.kept_id, one.absorbed_id} or links & theirs:
            raise InputError(
                _(
                    "Défaites d’abord la réunion plus récente de « {absorbed} » à « {kept} »."
                ).format(absorbed=one.absorbed.name, kept=one.kept.name)
            )


def _demand_number_free(one: Organisation, other: Organisation) -> None:
    number = other.company_number
    taken = Organisation.objects.filter(company_number=number, merged_into=None).exclude(pk=one.pk)
    if number and (one.company_number == number or taken.exists()):
        raise InputError(
            _("Une autre fiche porte maintenant le numéro {number} : corrigez-la d’abord.").format(
                number=number
            )
        )


# --- what belongs to it -----------------------------------------------------------------------------


def _move(model: Any, old: int, new: int) -> list[int]:
    keys = list(model.objects.filter(organisation=old).order_by("pk").values_list("pk", flat=True))
    _move_back(model, keys, old, new)
    return keys


def _move_back(model: Any, keys: Iterable[int], old: int, new: int) -> int:
    """Move records that are still at `old`; how many were."""
    count = 0
    for some in _parts(keys):
        count += model.objects.filter(pk__in=some, organisation=old).update(
            organisation=new, revision=F("revision") + 1, changed=timezone.now()
        )
    return count


def _move_users(old: int, new: int) -> list[int]:
    """External partners follow their organisation."""
    keys = list(User.objects.filter(organisation=old).values_list("pk", flat=True))
    User.objects.filter(pk__in=keys).update(organisation=new)
    return keys


def _add_sectors(kept: Organisation, absorbed: Organisation) -> list[str]:
    had = set(kept.sectors.values_list("activity", flat=True))
    added = [a for a in absorbed.sectors.values_list("activity", flat=True) if a not in had]
    OrganisationSector.objects.bulk_create(
        [OrganisationSector(organisation=kept, activity=code) for code in added]
    )
    return added


def _unfill(kept: Organisation, given: dict[str, Any]) -> list[str]:
    """Empty again what was filled, but for what a person has changed since."""
    told = []
    for name, value in given.items():
        if getattr(kept, name) == value:
            setattr(kept, name, None if name == "kind_id" else "")
        else:
            told.append(
                _("« {field} » a changé depuis : la valeur d’aujourd’hui reste.").format(
                    field=named(name.removesuffix("_id"))
                )
            )
    return told


def _stayed(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "{n} fiche liée a changé d’organisation ou a disparu depuis : elle reste où elle est.",
        "{n} fiches liées ont changé d’organisation ou ont disparu depuis : elles restent où elles sont.",
        count,
    ).format(n=count)


# --- links ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Ends:
    """The links of one record, by what makes each unique."""

    old: str
    new: str

    def name(self, link: Link, moved: bool) -> tuple[Any, ...]:
        ends = [(link.from_kind, link.from_key), (link.to_kind, link.to_key)]
        if moved:
            ends = [(k, self.new if (k, key) == (KIND, self.old) else key) for k, key in ends]
        return (link.kind_id, *ends)


def _of(key: str) -> Q:
    return Q(from_kind=KIND, from_key=key) | Q(to_kind=KIND, to_key=key)


def _reason(merge: int) -> str:
    return _("Réunion de deux fiches, n° {n}.").format(n=merge)


def _move_links(old: int, new: int, merge: int) -> dict[str, Any]:
    """Each link of the absorbed record leads to the kept one; one that would lead from it to itself,
    or be there twice, is withdrawn where it stands.
    """
    ends = _Ends(str(old), str(new))
    there = {
        ends.name(link, False) for link in Link.objects.filter(_of(str(new)), withdrawn_because="")
    }
    moved: list[tuple[int, str]] = []
    withdrawn = []
    for link in Link.objects.filter(_of(str(old))).order_by("pk"):
        name = ends.name(link, True)
        to_itself = name[1] == name[2]
        if link.withdrawn_because:
            if to_itself:
                continue
        elif to_itself or name in there:
            withdrawn.append(link.pk)
            continue
        else:
            there.add(name)
        moved.append(
            (link.pk, "from" if (link.from_kind, link.from_key) == (KIND, str(old)) else "to")
        )
    for some in _parts(withdrawn):
        Link.objects.filter(pk__in=some).update(withdrawn_because=_reason(merge))
    _set_ends(moved, str(old), str(new))
    return {
        "links": [list(pair) for pair in moved],
        "withdrawn": withdrawn,
        "because": _reason(merge),
    }


def _set_ends(moved: Iterable[tuple[int, str]], old: str, new: str) -> int:
    """Set one end of each link that is still `old`; how many were."""
    count = 0
    for side in ("from", "to"):
        for some in _parts(key for key, end in moved if end == side):
            held = Link.objects.filter(pk__in=some, **{f"{side}_kind": KIND, f"{side}_key": old})
            count += held.update(**{f"{side}_key": new})
    return count


def _move_links_back(made: Merge) -> list[str]:
    moved = [(key, side) for key, side in made.moved["links"]]
    back = _set_ends(moved, str(made.kept_id), str(made.absorbed_id))
    for some in _parts(made.moved["withdrawn"]):
        held = Link.objects.filter(pk__in=some, withdrawn_because=made.moved["because"])
        held.update(withdrawn_because="")
    gone = len(moved) - back
    if not gone:
        return []
    return [
        ngettext(
            "{n} lien n’est plus là : il n’est pas rendu.",
            "{n} liens ne sont plus là : ils ne sont pas rendus.",
            gone,
        ).format(n=gone)
    ]


def _parts(keys: Iterable[int]) -> Iterable[list[int]]:
    held = list(keys)
    return (held[start : start + _SOME] for start in range(0, len(held), _SOME))


def _indexed(made: Merge) -> None:
    """What is found by the search box follows."""
    search.index(KIND, [made.kept_id, made.absorbed_id])
    for kind in BELONGING:
        search.index(kind, made.moved[kind])
