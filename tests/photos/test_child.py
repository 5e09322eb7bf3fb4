"""The child process: one at a time, replaced when it dies, sealed off from its parent."""

import os
import signal
import threading
from pathlib import Path

import pytest

from audit.photos.gate import Gate, PhotoRefused
from audit.photos.rules import Limits, Picture, Reason
from audit.photos.wire import Garbled, pack_picture, pack_refusal, unpack

from .pictures import jpeg, png


def children_of(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in text.split()]


def child_of(gate: Gate) -> int:
    (only,) = gate._children.queue
    return only._process.pid


def test_the_child_is_kept_between_pictures_and_each_picture_leaves_no_process() -> None:
    gate = Gate()
    gate.decode(jpeg())
    first = child_of(gate)
    gate.decode(jpeg())
    assert child_of(gate) == first
    assert children_of(first) == []
    gate.close()


def test_a_child_that_died_is_replaced_without_losing_the_picture() -> None:
    gate = Gate()
    gate.decode(jpeg())
    os.kill(child_of(gate), signal.SIGKILL)
    assert gate.decode(jpeg()).width == 800
    gate.close()


def test_a_child_that_dies_while_decoding_is_replaced_too() -> None:
    gate = Gate()
    gate.decode(jpeg())
    first, answer = child_of(gate), []
    slow = threading.Thread(target=lambda: answer.append(gate.decode(png(6000, 6000, 6))))
    slow.start()
    while not children_of(first):
        pass
    os.kill(first, signal.SIGKILL)
    slow.join()
    assert [picture.width for picture in answer] == [6000]
    gate.close()


def test_closing_the_gate_ends_the_child() -> None:
    gate = Gate()
    gate.decode(jpeg())
    process = child_of(gate)
    gate.close()
    assert not Path(f"/proc/{process}").exists()


def test_the_child_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANTU_SECRET", "marker-secret")
    gate = Gate()
    gate.decode(jpeg())
    process = Path(f"/proc/{child_of(gate)}")
    assert b"marker-secret" not in (process / "environ").read_bytes()
    opened = [str(entry.readlink()) for entry in (process / "fd").iterdir()]
    assert [name for name in opened if not name.startswith(("/dev/null", "socket:"))] == []
    gate.close()


def test_only_as_many_pictures_are_decoded_at_once_as_set() -> None:
    gate = Gate(at_once=1)
    gate.decode(jpeg())
    process, most, stop = child_of(gate), [0], threading.Event()

    def watch() -> None:
        while not stop.is_set():
            most[0] = max(most[0], len(children_of(process)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    senders = [threading.Thread(target=gate.decode, args=(png(1500, 1500),)) for _n in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    stop.set()
    watcher.join()
    assert most == [1]
    assert len(children_of(os.getpid())) >= 1
    assert gate._children.qsize() == 1
    gate.close()


def test_a_server_that_forks_gets_children_of_its_own() -> None:
    gate = Gate()
    gate.decode(jpeg())
    ours = child_of(gate)
    worker = os.fork()
    if worker == 0:
        done = gate.decode(jpeg()).width == 800 and child_of(gate) != ours
        gate.close()
        os._exit(0 if done else 1)
    assert os.waitpid(worker, 0)[1] == 0
    assert gate.decode(jpeg()).width == 800
    assert child_of(gate) == ours
    gate.close()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.6, 0.9, 0.999])
def test_a_reply_cut_short_is_not_taken_for_a_picture(gate: Gate, share: float) -> None:
    reply = pack_picture(gate.decode(jpeg()))
    assert isinstance(unpack(reply), Picture)
    with pytest.raises(Garbled):
        unpack(reply[: int(len(reply) * share)])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"width": 800', b'"width": -80'),
        (b'"kind": "jpeg"', b'"kind": "html"'),
        (b'"lon": null', b'"lon": 99.0'),
        (b'"1600": ', b'"1601": '),
    ],
)
def test_a_reply_with_nonsense_in_it_is_not_taken_for_a_picture(
    gate: Gate, old: bytes, new: bytes
) -> None:
    reply = pack_picture(gate.decode(jpeg()))
    assert old in reply
    with pytest.raises(Garbled):
        unpack(reply.replace(old, new.ljust(len(old))))


def test_a_refusal_travels_with_its_cause() -> None:
    assert unpack(pack_refusal(Reason.BROKEN, "OSError")) == (Reason.BROKEN, "OSError")


def test_waiting_for_the_wall_clock_does_not_block_for_ever() -> None:
    gate = Gate(Limits(wall_seconds=1))
    gate.decode(jpeg())
    process = child_of(gate)
    os.kill(process, signal.SIGSTOP)  # a child that hangs as a whole
    with pytest.raises(PhotoRefused) as refused:
        gate.decode(jpeg())
    assert refused.value.reason is Reason.TOOK_TOO_LONG
    assert refused.value.cause == "exit None", "the parent waited no longer"
    assert not Path(f"/proc/{process}").exists()
    assert gate.decode(jpeg()).width == 800
    gate.close()
