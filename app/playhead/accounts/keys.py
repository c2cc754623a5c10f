"""Keys: which account a vendor's credential opens."""

from playhead.accounts.eviction import mark_used
from playhead.accounts.repository import AccountRecord, find_by_key, find_by_number
from playhead.accounts.service import AccountService
from playhead.domain.account import Account
from playhead.domain.clock import SystemClock
from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation


class KeyResolver:
    """Finds or creates the accounts of one vendor's keys.

    `registered_only` hides accounts that were not created on purpose; `auto_create` creates the
    account of a key that opens none; `account_ttl` is the idle time in seconds before eviction.
    """

    def __init__(
        self,
        accounts: AccountService,
        vendor: str,
        *,
        registered_only: bool,
        auto_create: bool,
        account_ttl: int,
    ) -> None:
        self.accounts = accounts
        self.vendor = vendor
        self.registered_only = registered_only
        self.auto_create = auto_create
        self.account_ttl = account_ttl
        # The last account: a key that is rejected for another reason has still named its account.
        self.resolved: Account | None = None

    def account(self, key: str) -> Account:
        """The account of a registered credential, or of that name.

        Raises ApiError(unauthenticated) if the key opens none.
        """
        with self.accounts.store.snapshot() as connection:
            record = find_by_key(connection, self.accounts.clock, vendor=self.vendor, key=key)
        account = self._if_allowed(record)
        if account is not None:
            return account
        if not self.auto_create:
            reason = (
                "no account is registered for it, and only registered credentials open anything"
            )
            violation = Violation("Authorization", Rule.refused, bounds={"reason": reason})
            raise ApiError(ErrorKind.unauthenticated, [violation])
        self.resolved = self.accounts.open(key)
        return self.resolved

    def account_by_number(self, number: int) -> Account | None:
        """The account of that number, if it exists."""
        with self.accounts.store.snapshot() as connection:
            record = find_by_number(connection, self.accounts.clock, number)
        return self._if_allowed(record)

    def _if_allowed(self, record: AccountRecord | None) -> Account | None:
        """The account of a record, marked as used."""
        if record is None or (self.registered_only and not record.registered):
            return None
        if SystemClock().now() - record.last_used_at > self.account_ttl // 8:
            mark_used(self.accounts.store, record.account, account_ttl=self.account_ttl)
        self.resolved = record.account
        return record.account
