"""The abstract model of everything that belongs to a company: closed by default, for reads and writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from anze.records.acting.context import OutOfScope, current

M = TypeVar("M", bound="TenantModel")


def check_writable(company_id: int | None) -> None:
    """Raises OutOfScope unless the current scope may write this company's rows."""
    if company_id not in current().writes:
        raise OutOfScope("不能写入其他企业的数据。")


class TenantQuerySet(models.QuerySet[M]):
    """Bulk writes are checked row by row; updates and deletes run inside the write scope only.

    What is built inside a scope and evaluated outside is refused by the database, which knows no scope then.
    """

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        rows = list(objs)
        for row in rows:
            check_writable(row.company_id)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows = list(objs)
        for row in rows:
            check_writable(row.company_id)
        return super().bulk_update(rows, fields, batch_size=batch_size)

    def update(self, **values: Any) -> int:
        writes = current().writes
        if "company" in values:
            check_writable(values["company"].pk)
        if "company_id" in values:
            check_writable(values["company_id"])
        return super(TenantQuerySet, self.filter(company_id__in=writes)).update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        return super(TenantQuerySet, self.filter(company_id__in=current().writes)).delete()


class TenantManager(models.Manager[M]):
    """Raises NoScope in `get_queryset`, so also for exists, bulk_create, related and base managers.

    A scope of one company is written into the query, for the index; a set is left to row-level security.
    """

    def get_queryset(self) -> TenantQuerySet[M]:
        scope = current()
        rows: TenantQuerySet[M] = TenantQuerySet(self.model, using=self._db)
        if len(scope.reads) == 1:
            return rows.filter(company_id=scope.reads[0])
        return rows


class TenantModel(models.Model):
    company = models.ForeignKey("tenants.Company", on_delete=models.PROTECT, related_name="+")

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        check_writable(self.company_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        check_writable(self.company_id)
        return super().delete(*args, **kwargs)
