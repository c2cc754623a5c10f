"""Faults: what an account plans to go wrong, for which requests, how often and for how long."""

import json
from dataclasses import asdict
from math import exp
from statistics import NormalDist

from sqlalchemy import Connection, delete, func, insert, select, update

from playhead.accounts.repository import allocate_rule_ids, lock_account
from playhead.domain.account import Account
from playhead.domain.clock import SystemClock
from playhead.domain.errors import ConflictError, NotFoundError
from playhead.faults.model import (
    MAX_LATENCY_MS,
    MILLION,
    Fault,
    FaultRule,
    InjectedFault,
    RequestMatch,
    rule_from_json,
)
from playhead.storage import tables
from playhead.storage.database import Store, advisory_lock
from playhead.world.generator.random import random_ints

MAX_FAULTS = 1_000


class Faults:
    """The faults of one account."""

    def __init__(self, store: Store, account: Account) -> None:
        self.store = store
        self.account = account

    def all(self) -> list[Fault]:
        """The faults, in the order of planning."""
        with self.store.snapshot() as connection:
            return self._read(connection)

    def add(self, rule: FaultRule) -> Fault:
        """Plan a fault; earlier ones go first. Raises Conflict for one too many."""
        table = tables.faults
        with self.store.transaction() as connection:
            lock_account(connection, self.account.id)
            if len(self._read(connection)) >= MAX_FAULTS:
                raise ConflictError(
                    f"an account has {MAX_FAULTS} faults at most: remove those that are over"
                )
            (id_,) = allocate_rule_ids(connection, 1)
            values = {
                "id": id_,
                "account": self.account.id,
                "rule": json.dumps(asdict(rule)),
                "matched": 0,
                "applied": 0,
            }
            connection.execute(
                insert(table).values(
                    **values, planned_at=SystemClock().now(), planned_now=self.account.now
                )
            )
            self._update_count(connection)
        return Fault(id_, rule, 0, 0, False)

    def remove(self, id: int | None = None) -> None:
        """Remove a fault, or all of them; raises Missing."""
        table = tables.faults
        which = (
            (table.c.account == self.account.id,)
            if id is None
            else (table.c.account == self.account.id, table.c.id == id)
        )
        with self.store.transaction() as connection:
            lock_account(connection, self.account.id)
            if not connection.execute(delete(table).where(*which)).rowcount and id is not None:
                raise NotFoundError(f"there is no fault {id}")
            self._update_count(connection)

    def apply(self, request: RequestMatch) -> InjectedFault | None:
        """What the first fault that is due does to a request.

        Every fault that matches counts it.
        """
        if not any(
            self._matches(fault, request) for fault in self.all()
        ):  # most requests change nothing, and wait for nobody
            return None
        table = tables.faults
        with self.store.transaction() as connection:
            # One after the other, whoever asks: the nth request is one request.
            advisory_lock(connection, f"faults {self.account.id}")
            struck = None
            for fault in filter(
                lambda fault: self._matches(fault, request), self._read(connection)
            ):
                due = struck is None and self._is_due(connection, fault)
                connection.execute(
                    update(table)
                    .where(table.c.id == fault.id)
                    .values(matched=fault.matched + 1, applied=fault.applied + due)
                )
                if due:
                    struck = InjectedFault(
                        fault.id, fault.rule.effect, self._latency_ms(connection, fault)
                    )
            return struck

    def _matches(self, fault: Fault, request: RequestMatch) -> bool:
        return not fault.expired and fault.rule.matches(request)

    def _is_due(self, connection: Connection, fault: Fault) -> bool:
        if fault.rule.nth and fault.matched + 1 not in fault.rule.nth:
            return False
        return (
            fault.rule.probability_ppm >= MILLION
            or self._draw(connection, "fault", fault) * MILLION >> 32 < fault.rule.probability_ppm
        )

    def _latency_ms(self, connection: Connection, fault: Fault) -> int:
        latency = fault.rule.effect.latency
        if latency is None:
            return 0
        if not latency.sigma:
            return latency.ms
        uniform = (self._draw(connection, "latency", fault) + 0.5) / 2**32
        # The quantile of a lognormal: its median times e to the normal one's.
        return min(
            MAX_LATENCY_MS, round(latency.ms * exp(NormalDist(0, latency.sigma).inv_cdf(uniform)))
        )

    def _draw(self, connection: Connection, kind: str, fault: Fault) -> int:
        """32 bits that depend on the account's seed, the fault's place among its faults, and how
        many requests it matched.
        """
        seed = connection.execute(
            select(tables.worlds.c.seed).where(tables.worlds.c.id == self.account.world)
        ).scalar_one()
        table = tables.faults
        place = (
            select(func.count())
            .select_from(table)
            .where(table.c.account == self.account.id, table.c.id < fault.id)
        )
        return random_ints(
            seed, f"{kind} {connection.execute(place).scalar_one()}", fault.matched, 1
        )[0]

    def _read(self, connection: Connection) -> list[Fault]:
        table = tables.faults
        now = SystemClock().now()
        rows = connection.execute(
            select(table).where(table.c.account == self.account.id).order_by(table.c.id)
        )
        found = []
        for row in rows:
            plan = rule_from_json(json.loads(row.rule))
            spent = plan.times is not None and row.applied >= plan.times
            passed = max(now - row.planned_at, self.account.now - row.planned_now)
            found.append(
                Fault(
                    row.id,
                    plan,
                    row.matched,
                    row.applied,
                    spent or (plan.ttl_seconds is not None and passed >= plan.ttl_seconds),
                )
            )
        return found

    def _update_count(self, connection: Connection) -> None:
        table = tables.faults
        accounts = tables.accounts
        count = (
            select(func.count())
            .select_from(table)
            .where(table.c.account == self.account.id)
            .scalar_subquery()
        )
        connection.execute(
            update(accounts)
            .where(accounts.c.id == self.account.id)
            .values(faults=count, modified=1)
        )
