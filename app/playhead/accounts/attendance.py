"""Who is there: the viewers of an account by number, and by address and device; met once, remembered for the length of a transaction."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from playhead.failure import Refusal
from playhead.store import tables

# 198.18.0.0/15 is for measuring networks (RFC 2544), so that no viewer who was given no address has somebody's.
FIRST_FRESH, FRESH = 198 << 24 | 18 << 16, 1 << 17
TOGETHER = 500  # addresses that are looked up in one query


class Known(NamedTuple):
    """A viewer that a world has: packed id, traits, address as a number, whether it is known by e-mail."""

    id: int
    place: int
    device: int
    ip: int
    known: bool


class Attendance:
    """The viewers of an account's worlds, the base first."""

    def __init__(self, connection: Connection, worlds: Sequence[int]) -> None:
        self.connection = connection
        self.worlds = worlds
        self._at: dict[int, list[Known]] = {}
        self._numbered: dict[int, Known | None] = {}
        self._addresses: dict[str, int] = {}
        self._fresh: int | None = None

    def address(self, text: str) -> int:
        """An IPv4 address as a number; raises Refusal."""
        if text not in self._addresses:
            self._addresses[text] = address(text)
        return self._addresses[text]

    def foresee(self, addresses: Iterable[int]) -> None:
        """Look up who is at these addresses, many at once."""
        unmet = [ip for ip in dict.fromkeys(addresses) if ip not in self._at]
        for some in chunks(unmet, TOGETHER):
            self._at.update({ip: [] for ip in some})
            for known in self._read(tables.viewers.c.ip.in_(some)):
                self._at[known.ip].append(known)

    def at(self, ip: int) -> list[Known]:
        """The viewers at an address."""
        if ip not in self._at:
            self.foresee([ip])
        return self._at[ip]

    def pair(self, ip: int, device: int) -> Known | None:
        """The viewer with that address and device."""
        return next((known for known in self.at(ip) if known.device == device), None)

    def numbered(self, packed: int) -> Known | None:
        """The viewer of a packed id."""
        if packed not in self._numbered:
            self._numbered[packed] = next(self._read(tables.viewers.c.id == packed), None)
        return self._numbered[packed]

    def add(self, known: Known) -> None:
        """Remember a viewer that was just recorded."""
        self.at(known.ip).append(known)
        self._numbered[known.id] = known

    def fresh(self, devices: Sequence[int]) -> tuple[int, int]:
        """The next address at which nobody is, and the first of the devices; once there is no such address, the next device at the next one."""
        if self._fresh is None:
            self._fresh = self._count()
        for index in range(self._fresh, FRESH * len(devices)):
            ip, device = FIRST_FRESH + index % FRESH, devices[index // FRESH]
            if ip not in self._at:
                self.foresee(range(ip, min(ip + TOGETHER, FIRST_FRESH + FRESH)))
            if not self._at[ip] or (index >= FRESH and self.pair(ip, device) is None):
                self._fresh = index + 1
                return ip, device
        raise Refusal("every address for viewers without one is taken: give an `ip`")

    def _count(self) -> int:
        viewers = tables.viewers
        fresh = viewers.c.ip.between(FIRST_FRESH, FIRST_FRESH + FRESH - 1)
        return int(self.connection.execute(select(func.count()).select_from(viewers).where(viewers.c.world == self.worlds[-1], fresh)).scalar_one())

    def _read(self, which: ColumnElement[bool]) -> Iterator[Known]:
        viewers = tables.viewers.c
        columns = select(viewers.id, viewers.place, viewers.device, viewers.ip, viewers.email.is_not(None))
        for world in self.worlds:
            yield from (
                Known(row[0], row[1], row[2], row[3], bool(row[4]))
                for row in self.connection.execute(columns.where(viewers.world == world, which).order_by(viewers.id))
            )


def address(text: str) -> int:
    """An IPv4 address as a number; raises Refusal."""
    try:
        return int(IPv4Address(text))
    except AddressValueError:
        raise Refusal(f"{text!r} is {'an IPv6 address: viewers have IPv4 ones' if _is_ipv6(text) else 'no IPv4 address'}") from None


def _is_ipv6(text: str) -> bool:
    try:
        return bool(IPv6Address(text).version)
    except AddressValueError:
        return False


def chunks(items: Sequence[int], size: int) -> Iterator[Collection[int]]:
    """The items, so many at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
