"""What the card shows when a vendor fails, and what the clients did about it."""

from typing import Any

import pytest
from dashboard import Dashboard, Title

from playhead.client import Account

JUNE = "2024-06"
SOURCES = ("gcore", "wistia", "apivideo")
OPERATIONS = {"gcore": "views_by_country", "wistia": "media", "apivideo": "video_sessions"}
RETRY_AT_ONCE = {"retry-after-ms": "1"}  # Gcore's client waits as long before it tries again
FAILURES: dict[str, dict[str, Any]] = {  # Any: what a fault does
    "500": {"status": 500},
    "429": {"status": 429},
    "403": {"status": 403},
    "cut before the answer": {"disconnect": "before_response"},
    "cut inside the answer": {"disconnect": "mid_body"},
    "malformed": {"malformed": True},
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("mishap", FAILURES)
def test_a_source_that_fails_leaves_a_gap(
    account: Account, dashboard_client: Dashboard, talk_video: Title, source: str, mishap: str
) -> None:
    account.record(talk_video.wistia, played=[(0, 20)])
    account.fail(
        vendor=source, operation=OPERATIONS[source], headers=RETRY_AT_ONCE, **FAILURES[mishap]
    )
    card = dashboard_client.card(talk_video, month=JUNE)
    assert list(card.failed) == [source]
    assert {"gcore": "views", "wistia": "plays", "apivideo": "sessions"}[source] not in card.figures
    assert len(card.figures) == 6 - {"gcore": 2, "wistia": 3, "apivideo": 1}[source]


@pytest.mark.parametrize("failures", [1, 2])
def test_gcores_client_tries_again(
    account: Account, dashboard_client: Dashboard, talk_video: Title, failures: int
) -> None:
    account.record(talk_video.wistia, played=[(0, 20)])
    account.fail(vendor="gcore", status=500, times=failures, headers=RETRY_AT_ONCE)
    assert dashboard_client.card(talk_video, month=JUNE).figures["views"] == 1
    asked = account.requests(vendor="gcore")
    assert [(request.status, request.retry) for request in asked] == [
        *((500, attempt) for attempt in range(failures)),
        (200, failures),
    ]


def test_gcores_client_is_told_not_to_try_again(
    account: Account, dashboard_client: Dashboard, talk_video: Title
) -> None:
    account.fail(vendor="gcore", status=500, retry=False)
    assert dashboard_client.card(talk_video, month=JUNE).failed == {"gcore": "InternalServerError"}
    assert account.count(vendor="gcore") == 1


@pytest.mark.parametrize("hours", range(1, 11))
def test_a_token_that_expired_is_renewed_once(
    account: Account, dashboard_client: Dashboard, talk_video: Title, hours: int
) -> None:
    assert dashboard_client.card(talk_video, month=JUNE).failed == {}
    account.advance(f"PT{hours}H")
    assert dashboard_client.card(talk_video, month=JUNE).failed == {}
    asked = [(request.operation, request.status) for request in account.requests(vendor="apivideo")]
    sessions = ("video_sessions", 200)
    refused = ("video_sessions", 401)
    token = ("authenticate", 200)
    assert asked == [token, sessions, refused, token, sessions]


def test_a_slow_source_is_waited_for(
    account: Account, dashboard_client: Dashboard, talk_video: Title
) -> None:
    account.fail(vendor="wistia", latency=150)
    assert dashboard_client.card(talk_video, month=JUNE).failed == {}
    assert account.requests(vendor="wistia")[0].milliseconds >= 150


@pytest.mark.parametrize("allowed", range(1, 4))
def test_beyond_the_rate_limit_the_card_has_a_gap(
    account: Account, dashboard_client: Dashboard, talk_video: Title, allowed: int
) -> None:
    account.fail(vendor="wistia", status=429, nth=allowed + 1)
    shown = [dashboard_client.card(talk_video, month=JUNE).failed for _ in range(allowed + 1)]
    assert shown == [{}] * allowed + [{"wistia": "HTTPError"}]


def test_a_wrong_parameter_says_what_is_wrong(
    account: Account, dashboard_client: Dashboard, talk_video: Title
) -> None:
    assert list(dashboard_client.card(talk_video, month="June").failed) == ["gcore", "apivideo"]
    whys = [request.reason for request in account.requests(status="4xx")]
    assert "is not an ISO 8601 instant" in whys[0]
    assert "is not a year, month, week, day" in whys[1]


@pytest.mark.parametrize("cards", [1, 2, 3])
@pytest.mark.parametrize("reader", ["ana", "bo", "cy", "di", "ed"])
def test_a_card_costs_three_requests_and_a_token(
    account: Account, dashboard_client: Dashboard, talk_video: Title, cards: int, reader: str
) -> None:
    """Beside two hundred others on the same server:

    nobody else's requests are counted, nor those of a reader's other cards.
    """
    for _ in range(cards):
        dashboard_client.card(talk_video, month=JUNE)
    assert {vendor: account.count(vendor=vendor) for vendor in SOURCES} == {
        "gcore": cards,
        "wistia": cards,
        "apivideo": cards + 1,
    }
