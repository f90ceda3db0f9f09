"""What the server counts and measures, for Prometheus."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .observing import Exchange
from .request_paths import method_of, template_of
from .serving import ServedIndex

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The metrics of one application, in a registry of its own.

    Attributes:
        shed: requests refused for the sake of others, by reason: ``busy``, ``waited``, ``too_slow``, ``rate``.
        at_work: requests that are being worked on within the limit.
        waiting: requests that wait for their turn.
    """

    def __init__(self, served: ServedIndex) -> None:
        """Take the index that answers, of which version, size and age are told."""
        self._registry = CollectorRegistry()
        kept = self._registry
        self._requests = Counter(
            "trialkin_requests", "Requests answered.", ("route", "method", "status"), registry=kept
        )
        self._seconds = Histogram(
            "trialkin_request_seconds",
            "From a request's arrival to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=kept,
        )
        self._stages = Histogram(
            "trialkin_stage_seconds",
            "What an answer takes in the index: embed, rank, explain.",
            ("stage",),
            buckets=_SECONDS,
            registry=kept,
        )
        self._in_flight = Gauge("trialkin_requests_in_flight", "Requests that are being answered.", registry=kept)
        self.at_work = Gauge("trialkin_requests_at_work", "Requests at work within the limit.", registry=kept)
        self.waiting = Gauge("trialkin_requests_waiting", "Requests that wait for their turn.", registry=kept)
        self.shed = Counter(
            "trialkin_requests_shed", "Requests refused because of load or rate.", ("reason",), registry=kept
        )
        self._registry.register(_IndexMetrics(served))
        ProcessCollector(registry=self._registry)

    def begun(self) -> None:
        """Count a request that has come."""
        self._in_flight.inc()

    def ended(self, exchange: Exchange) -> None:
        """Count its answer."""
        self._in_flight.dec()
        route = template_of(exchange.scope)
        self._requests.labels(route, method_of(exchange.scope), exchange.status).inc()
        self._seconds.labels(route).observe(exchange.seconds)
        for name, seconds in exchange.stages.items():
            self._stages.labels(name).observe(seconds)

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self._registry)


class _IndexMetrics(Collector):
    """The index that answers, looked at when it is asked for."""

    def __init__(self, served: ServedIndex) -> None:
        self._served = served

    def collect(self) -> Iterator[Metric]:
        index = self._served.answering
        yield GaugeMetricFamily("trialkin_ready", "1 once the index is open and warm.", value=self._served.is_ready)
        if index is None:
            return
        date = index.manifest.snapshot.data_date
        info = GaugeMetricFamily(
            "trialkin_index_info", "The index version that answers.", labels=("version", "data_date", "model")
        )
        info.add_metric((index.version, date or "", index.manifest.model.name), 1)
        yield info
        yield GaugeMetricFamily("trialkin_index_trials", "Trials of the index.", value=len(index))
        if (made := self._served.made_at) is not None:
            yield _age("trialkin_index_age_seconds", "Since the index was built.", made)
        if date is not None:
            dated = datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()
            yield _age("trialkin_data_age_seconds", "Since the date of the data.", dated)


def _age(name: str, meaning: str, since: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=max(0.0, time.time() - since))
