"""Who is there:

the viewers of an account by number, and by address and device; met once, remembered for the length
of a transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from playhead.domain.errors import UserError
from playhead.storage import tables

# 198.18.0.0/15 is for measuring networks (RFC 2544), so that no viewer who was given no address has
# somebody's.
FREE_ADDRESS_START = 198 << 24 | 18 << 16
FREE_ADDRESS_COUNT = 1 << 17
BATCH_SIZE = 500  # addresses that are looked up in one query


class ViewerRef(NamedTuple):
    """A viewer that a world has:

    packed id, traits, address as a number, whether it is known by e-mail.
    """

    id: int
    place: int
    device: int
    ip: int
    has_email: bool


class ViewerIndex:
    """The viewers of an account's worlds, the base first."""

    def __init__(self, connection: Connection, worlds: Sequence[int]) -> None:
        self.connection = connection
        self.worlds = worlds
        self._by_ip: dict[int, list[ViewerRef]] = {}
        self._by_id: dict[int, ViewerRef | None] = {}
        self._addresses: dict[str, int] = {}
        self._next_free: int | None = None

    def parse_address(self, text: str) -> int:
        """An IPv4 address as a number; raises Refusal."""
        if text not in self._addresses:
            self._addresses[text] = parse_ipv4(text)
        return self._addresses[text]

    def prefetch(self, addresses: Iterable[int]) -> None:
        """Look up who is at these addresses, many at once."""
        unmet = [ip for ip in dict.fromkeys(addresses) if ip not in self._by_ip]
        for some in chunks(unmet, BATCH_SIZE):
            self._by_ip.update({ip: [] for ip in some})
            for known in self._read(tables.viewers.c.ip.in_(some)):
                self._by_ip[known.ip].append(known)

    def by_ip(self, ip: int) -> list[ViewerRef]:
        """The viewers at an address."""
        if ip not in self._by_ip:
            self.prefetch([ip])
        return self._by_ip[ip]

    def by_ip_and_device(self, ip: int, device: int) -> ViewerRef | None:
        """The viewer with that address and device."""
        return next((known for known in self.by_ip(ip) if known.device == device), None)

    def by_id(self, row_id: int) -> ViewerRef | None:
        """The viewer of a packed id."""
        if row_id not in self._by_id:
            self._by_id[row_id] = next(self._read(tables.viewers.c.id == row_id), None)
        return self._by_id[row_id]

    def add(self, viewer: ViewerRef) -> None:
        """Remember a viewer that was just recorded."""
        self.by_ip(viewer.ip).append(viewer)
        self._by_id[viewer.id] = viewer

    def next_free_address(self, devices: Sequence[int]) -> tuple[int, int]:
        """The next address at which nobody is, and the first of the devices.

        Once there is no such address, the next device at the next one.
        """
        if self._next_free is None:
            self._next_free = self._count_free_used()
        for index in range(self._next_free, FREE_ADDRESS_COUNT * len(devices)):
            ip = FREE_ADDRESS_START + index % FREE_ADDRESS_COUNT
            device = devices[index // FREE_ADDRESS_COUNT]
            if ip not in self._by_ip:
                self.prefetch(
                    range(ip, min(ip + BATCH_SIZE, FREE_ADDRESS_START + FREE_ADDRESS_COUNT))
                )
            if not self._by_ip[ip] or (
                index >= FREE_ADDRESS_COUNT and self.by_ip_and_device(ip, device) is None
            ):
                self._next_free = index + 1
                return ip, device
        raise UserError("every address for viewers without one is taken: give an `ip`")

    def _count_free_used(self) -> int:
        viewers = tables.viewers
        fresh = viewers.c.ip.between(
            FREE_ADDRESS_START, FREE_ADDRESS_START + FREE_ADDRESS_COUNT - 1
        )
        return int(
            self.connection.execute(
                select(func.count())
                .select_from(viewers)
                .where(viewers.c.world == self.worlds[-1], fresh)
            ).scalar_one()
        )

    def _read(self, where: ColumnElement[bool]) -> Iterator[ViewerRef]:
        viewers = tables.viewers.c
        columns = select(
            viewers.id, viewers.place, viewers.device, viewers.ip, viewers.email.is_not(None)
        )
        for world in self.worlds:
            yield from (
                ViewerRef(row[0], row[1], row[2], row[3], bool(row[4]))
                for row in self.connection.execute(
                    columns.where(viewers.world == world, where).order_by(viewers.id)
                )
            )


def parse_ipv4(text: str) -> int:
    """An IPv4 address as a number; raises Refusal."""
    try:
        return int(IPv4Address(text))
    except AddressValueError:
        raise UserError(
            f"{text!r} is "
            f"{'an IPv6 address: viewers have IPv4 ones' if _is_ipv6(text) else 'no IPv4 address'}"
        ) from None


def _is_ipv6(text: str) -> bool:
    try:
        return bool(IPv6Address(text).version)
    except AddressValueError:
        return False


def chunks(items: Sequence[int], size: int) -> Iterator[Collection[int]]:
    """The items, so many at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
