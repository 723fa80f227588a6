"""The index of the search box: derived from the records, it can be rebuilt at any time.

Portable SQL: words and where they occur. What is tolerant of accents and typing errors works on the
distinct words, which are few (`directory.search`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from perron.site.accounts.models import Confidentiality


class SearchEntry(models.Model):
    """A thing that can be found, and who may see it. What is shown of it is asked of its own app."""

    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=240)
    #: The same rules as `accounts.access.visible`, flattened.
    confidentiality = models.CharField(max_length=12, choices=Confidentiality)
    read = models.CharField(max_length=32)
    owner = models.PositiveBigIntegerField(null=True)
    organisation = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="directory_search_thing_once")
        ]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word without accents and case, once. Never removed, so that a cache can only grow."""

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word


class SearchPosting(models.Model):
    """A word occurs in an entry; `weight` is more in the title."""

    word = models.ForeignKey(SearchWord, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="postings")
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["word", "entry"], name="directory_search_posting_once")
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.entry}"
