"""The vendors: the one list."""

from playhead.gateway.vendor import Vendor
from playhead.vendors.apivideo import APIVIDEO
from playhead.vendors.gcore import GCORE
from playhead.vendors.wistia import WISTIA

VENDORS: tuple[Vendor, ...] = (APIVIDEO, GCORE, WISTIA)
