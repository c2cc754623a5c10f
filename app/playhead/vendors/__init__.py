"""The vendors: the one list."""

from playhead.vendor import Vendor
from playhead.vendors.gcore import GCORE

VENDORS: tuple[Vendor, ...] = (GCORE,)
