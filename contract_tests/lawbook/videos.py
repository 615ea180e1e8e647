"""Video jobs and their films."""

from functools import partial
from typing import Final

from contract_tests import film_laws
from contract_tests.exchange import Exchange
from contract_tests.law import Law

_film = partial(Law, behaviour="video-file")


def _name(exchange: Exchange) -> str:
    """The id of the job, in the path behind `videos`."""
    return exchange.url.partition("/videos/")[2].partition("/")[0].partition("?")[0]


def _identity(exchange: Exchange) -> None:
    film_laws.an_answer_is_about_the_job_that_was_asked_after(exchange.told, _name(exchange))


def _reason(exchange: Exchange) -> None:
    film_laws.a_job_says_why_it_failed_and_only_then(exchange.told)


def _file_name(exchange: Exchange) -> None:
    film_laws.a_download_is_named_after_its_job(exchange.headers, _name(exchange))


def _whole(exchange: Exchange) -> None:
    film_laws.a_film_is_whole(exchange.body)


def _order(exchange: Exchange) -> None:
    film_laws.a_film_can_begin_before_it_is_there_as_a_whole(exchange.body)


def _coding(exchange: Exchange) -> None:
    film_laws.a_film_is_coded_as_h264(exchange.body)


LAWS: Final = (
    Law("video-keeps-its-id", _identity, "video-job"),
    Law("video-says-why-it-failed", _reason, "video-job"),
    _film("video-file-name", _file_name),
    _film("video-file-name", _file_name, status=206),
    _film("video-file-is-whole", _whole),
    _film("video-file-begins-at-once", _order),
    _film("video-file-is-h264", _coding),
)
