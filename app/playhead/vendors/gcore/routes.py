"""Gcore's routes: the statistics of the player, of the network, of transcoding and storage; the catalogue."""

from fastapi import APIRouter

from playhead.gate import GatedRoute
from playhead.vendors.gcore import routes_catalogue, routes_delivery, routes_player, routes_processing

routes = APIRouter(route_class=GatedRoute)
for family in (routes_player, routes_delivery, routes_processing, routes_catalogue):
    routes.include_router(family.routes)
