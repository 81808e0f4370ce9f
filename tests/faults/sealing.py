"""Kill the sealer in the middle; let sealers and writers run side by side; tell what chain it left.

python -m faults.sealing POINTS PROCESSES TIMES
"""

import sys
import time

from django.db import transaction

from faults import base
from faults.kill import Killer, spread
from nayu.audit.domain import Head, line_of, verify
from nayu.audit.models import Event, Seal, SealedEvent
from nayu.audit.queries import current_head, exported
from nayu.audit.services import record, seal

READY = "unsealed"
BATCH, DEEDS = 10, 35


def deed(number: int) -> None:
    record(
        "project.edit", subject=("project", str(number), "ลอกคลอง"), actor=base.cast.anong,
        at=base.NOON, reason="เหตุผล", facts={"number": number},
    )  # fmt: skip


def seal_in_batches() -> None:
    while seal(at=base.NOON, limit=BATCH):
        pass


def chain() -> str:
    """whole, or what is wrong with it."""
    count, head = current_head()
    lines = [f"{line_of(value)}\n" for value in exported()]
    finding = verify(lines, heads=[Head(head, count)]).finding
    if finding:
        return f"{finding.code} {finding.sequence}"
    sealed = set(Event.objects.filter(sealed=True).values_list("pk", flat=True))
    placed = set(SealedEvent.objects.values_list("event_id", flat=True))
    if sealed != placed or len(placed) != count:
        return f"{len(sealed)} call themselves sealed, {len(placed)} are"
    numbers = list(Seal.objects.order_by("number").values_list("number", flat=True))
    return "whole" if numbers == list(range(1, len(numbers) + 1)) else f"batches {numbers}"


def killed(points: int) -> dict:
    base.put_back()
    for number in range(DEEDS):
        deed(number)
    base.keep_copy(READY)
    counted = base.VAR / "counted"

    def count() -> None:
        killer = Killer()
        killer.watch()
        seal_in_batches()
        counted.write_text(str(killer.count))

    assert base.in_a_process(count)() == 0
    everything, found = Event.objects.count(), []
    for k, after in spread(int(counted.read_text()), points):
        base.put_back(READY)

        def deadly(k: int = k, after: bool = after) -> None:
            Killer(k, after=after).watch()
            seal_in_batches()

        code = base.in_a_process(deadly)()
        base.wait_until_nobody_is_connected()
        left, sealed = chain(), current_head()[0]
        again = base.in_a_process(seal_in_batches)()
        found.append(
            {"code": code, "left": left, "sealed": sealed, "again": again, "then": chain(),
             "all": current_head()[0] == everything}
        )  # fmt: skip
    return {"points": found}


def together(processes: int, times: int) -> dict:
    base.put_back()
    before, moment = Event.objects.count(), time.time() + 0.5

    def seal_on() -> None:
        time.sleep(max(0, moment - time.time()))
        for _ in range(times):
            seal(at=base.NOON, limit=BATCH)
            time.sleep(0.002)

    def write_on(n: int) -> None:
        time.sleep(max(0, moment - time.time()))
        for number in range(times):
            with transaction.atomic():
                deed(n * times + number)
                time.sleep(0.001 * (n + 1))  # the later the key, the earlier the commit

    waits = [base.in_a_process(seal_on) for _ in range(processes)]
    waits += [base.in_a_process(lambda n=n: write_on(n)) for n in range(processes)]
    codes = [wait() for wait in waits]
    meanwhile = chain()
    seal_in_batches()
    return {
        "codes": codes,
        "meanwhile": meanwhile,
        "written": Event.objects.count() - before,
        "sealed": current_head()[0] == Event.objects.count(),
        "chain": chain(),
    }


if __name__ == "__main__":
    many, beside, often = (int(word) for word in sys.argv[1:])
    base.say({"killed": killed(many), "together": together(beside, often)})
