"""The part of the measurements that is the same in every run: what a first visit weighs. No time is asserted here."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.bench import databases, phone
from tests.bench.subject import Subject
from tests.bench.visits import FirstVisit


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FirstVisit]:
    """First visits of a signed-in member to a served handbook with documents of the usual length."""
    folder: Path = tmp_path_factory.mktemp("bench")
    with databases.sqlite(folder) as store:
        subject = Subject(store, folder, members=1)
        subject.import_documents(6)
        # In a thread of its own: the journeys of the same test run keep their browser's loop in this one.
        with subject.serve(), ThreadPoolExecutor(1) as pool:
            return pool.submit(phone.first_visits, subject).result()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["sign-in", "home", "reader"])
def test_a_first_visit_stays_light(visits: dict[str, FirstVisit], name: str) -> None:
    visit = visits[name]
    assert 5_000 < visit.bytes <= phone.MOST_BYTES
    assert 0 < visit.script_bytes <= phone.MOST_SCRIPT
    assert len(visit.requests) <= phone.MOST_REQUESTS, visit.requests
    hosts = {address.split("/")[2] for address in visit.requests}
    assert len(hosts) == 1, f"asks others: {hosts}"
