"""Gcore's routes:

the statistics of the player, of the network, of transcoding and storage; the catalogue.
"""

from fastapi import APIRouter

from playhead.gateway.pipeline import EmulatedRoute
from playhead.vendors.gcore.catalog.routes import routes as catalog
from playhead.vendors.gcore.delivery.routes import routes as delivery
from playhead.vendors.gcore.player.routes import routes as player
from playhead.vendors.gcore.processing.routes import routes as processing

routes = APIRouter(route_class=EmulatedRoute)
for family in (player, delivery, processing, catalog):
    routes.include_router(family)
