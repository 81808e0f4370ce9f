"""Files in, on the page: what it offers, and what it does not read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import DRAINAGE


@pytest.fixture
def planner(client, users):
    client.force_login(users.anong)
    return client


def test_the_page_names_the_kinds_of_file_and_offers_the_agencys_workbook(planner):
    page = planner.get("/files-in/").content.decode()

    assert "สมุดงานของน่าอยู่" in page
    address = f"/files-in/2569/template/{DRAINAGE}.xlsx"
    assert address in page
    assert planner.get(address).content.startswith(b"PK")


def test_the_page_reads_no_profile_from_the_servers_disk(planner, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\nkind = "lines"\n', encoding="utf-8")
    file = SimpleUploadedFile("a.csv", b"a,b\n1,2\n")

    response = planner.post(
        "/files-in/", {"profile": str(own), "fiscal_year": "2569", "file": file}
    )

    assert response.status_code in (409, 422)
    assert "own.toml" in response.content.decode()
    assert "no column for" not in response.content.decode()
