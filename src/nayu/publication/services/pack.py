"""The bodies that decide changes of the plan, from the data pack."""

from django.db import transaction

from nayu.db.pack import rows
from nayu.publication.models import DecidingBody


@transaction.atomic
def load_pack() -> None:
    """Bodies that are not there yet; what a city has renamed stays."""
    for row in rows("nayu.publication", "deciding_bodies"):
        DecidingBody.objects.get_or_create(
            code=row["code"],
            defaults={
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "decides_material": row["decides_material"] == "1",
                "order": int(row["order"]),
                "source": row["source"],
                "mark": row["mark"],
            },
        )
