"""Metrics as Prometheus reads them: the tallies of one server, under a registry of its own."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder

from mock_server.control.masks import Mask
from mock_server.errors import Invalid
from mock_server.tallies import BOUNDS, NONE, Spread, Tallies

_ENDS = [*map(str, map(float, BOUNDS)), "+Inf"]


class Exposition:
    """What one server tells whoever scrapes it."""

    def __init__(self, tallies: Tallies, mask: Mask) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Collector(tallies, mask))

    def told(self, accepted: str) -> tuple[bytes, str]:
        """The metrics in the format that is asked for, and its media type; raises Invalid."""
        try:
            encode, media_type = choose_encoder(accepted)
        except (TypeError, ValueError):
            message = "accept: asks for a version that is none"
            raise Invalid("invalid_value", message, param="accept") from None
        return encode(self._registry), media_type


class _Collector:
    """Puts the tallies into the words of Prometheus whenever somebody asks."""

    def __init__(self, tallies: Tallies, mask: Mask) -> None:
        self._tallies = tallies
        self._mask = mask

    def collect(self) -> Iterator[Metric]:
        """The figures as they are now."""
        tallies = self._tallies
        yield from self._of_rows()
        yield _spreads("first_byte", "From the call to the first byte.", tallies.first_bytes)
        yield _spreads("duration", "From the call to the last byte.", tallies.durations)
        tokens = _counter("tokens", "Tokens asked and answered.", "kind", "model")
        for model, (prompt, completion) in [*tallies.tokens.items()]:
            tokens.add_metric(["prompt", model], prompt)
            tokens.add_metric(["completion", model], completion)
        yield tokens
        yield _named("faults", "Faults that met an answer.", "fault", tallies.faults)
        scenarios = Counter[str]()
        for name, count in [*tallies.scenarios.items()]:
            scenarios[self._mask.text(name)] += count
        yield _named("scenarios", "Answers by a scenario.", "scenario", scenarios)
        for what, says, number in (
            ("streams", "Streams that are being sent.", tallies.streams),
            ("websockets", "WebSocket connections.", tallies.sockets),
        ):
            yield GaugeMetricFamily(f"mock_server_open_{what}", says, number)

    def _of_rows(self) -> Iterator[Metric]:
        labels = ("operation", "provider", "status")
        requests = _counter("requests", "Exchanges that are over.", *labels)
        sent = _counter("sent_bytes", "Bytes of bodies that were sent.", *labels)
        limited = _counter("rate_limited", "Refused as one too many.", *labels[:2])
        refused: dict[tuple[str, str], int] = {}
        for (operation, provider, status), row in [*self._tallies.rows.items()]:
            mark = (operation or NONE, provider or NONE)
            requests.add_metric([*mark, str(status)], row.count)
            sent.add_metric([*mark, str(status)], row.sent)
            refused[mark] = refused.get(mark, 0) + row.limited
        for mark, number in refused.items():
            limited.add_metric(mark, number)
        yield from (requests, sent, limited)


def _spreads(what: str, says: str, spreads: Mapping[str | None, Spread]) -> Metric:
    told = HistogramMetricFamily(f"mock_server_{what}", says, labels=["operation"], unit="seconds")
    for operation, spread in [*spreads.items()]:
        counts = [float(count) for count in accumulate(spread.counts)]
        buckets = list(zip(_ENDS, counts, strict=True))
        told.add_metric([operation or NONE], buckets, spread.total)
    return told


def _named(what: str, says: str, label: str, counts: Mapping[str, int]) -> Metric:
    told = _counter(what, says, label)
    for name, count in [*counts.items()]:
        told.add_metric([name], count)
    return told


def _counter(what: str, says: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"mock_server_{what}", says, labels=labels)
