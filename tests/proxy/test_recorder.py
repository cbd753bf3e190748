"""What is kept of requests, and for how long."""

from __future__ import annotations

from tray_app.proxy.recorded import Side
from tray_app.proxy.recorder import REQUESTS_MAX, Recorder

ASK, ANSWER = Side.CLIENT_REQUEST, Side.UPSTREAM_ANSWER


def test_headers_are_always_kept_and_bodies_only_when_wanted() -> None:
    """The switch counts from the next request on, and takes the bodies away when it is turned off."""
    recorder = Recorder()
    plain = recorder.open("a")
    plain.head(ASK, "POST /v1/messages", {"Accept": "x"})
    plain.body(ASK, b"secret prompt")
    recorder.record_bodies(True)
    recorder.open("b").body(ASK, b"prompt")
    assert recorder.held == len(b"prompt")
    found = recorder.find("a", [ASK, ANSWER])
    assert found is not None
    shown = found.read()
    assert (shown.bodies, shown.messages.keys()) == (False, {ASK})
    assert shown.messages[ASK].headers == (("Accept", "x"),)
    assert shown.messages[ASK].text is None
    wanted = recorder.find("b", [ASK])
    assert wanted is not None
    assert wanted.read().messages[ASK].text == "prompt"
    recorder.record_bodies(False)
    assert recorder.held == 0
    gone = recorder.find("b", [ASK])
    assert gone is not None
    assert gone.read().messages[ASK].text is None


def test_a_long_body_is_cut_and_old_ones_give_way() -> None:
    """The whole has a limit; the newest request is the last to lose anything."""
    recorder = Recorder(total_bytes=25, body_bytes=10)
    recorder.record_bodies(True)
    for name in "abc":
        recording = recorder.open(name)
        recording.body(ASK, b"0123456")
        recording.body(ASK, b"789more")
    assert recorder.held == 20
    texts = {}
    for name in "abc":
        found = recorder.find(name, [ASK])
        assert found is not None
        message = found.read().messages[ASK]
        texts[name] = (message.text, message.size, message.cut)
    assert texts == {"a": (None, 14, False), "b": ("0123456789", 14, True), "c": ("0123456789", 14, True)}


def test_another_attempt_replaces_the_one_before() -> None:
    """Its room is given back."""
    recorder = Recorder()
    recorder.record_bodies(True)
    recording = recorder.open("a")
    recording.body(ANSWER, b"no")
    recording.forget(ANSWER, Side.UPSTREAM_REQUEST)
    recording.body(ANSWER, b"yes")
    assert recorder.held == 3


def test_the_oldest_requests_go_and_all_can_be_forgotten() -> None:
    """What runs on after that is recorded nowhere and counted nowhere."""
    recorder = Recorder()
    recorder.record_bodies(True)
    first = recorder.open("first")
    first.body(ASK, b"x")
    for number in range(REQUESTS_MAX):
        recorder.open(str(number))
    assert recorder.find("first", [ASK]) is None
    recorder.clear()
    assert recorder.find("0", [ASK]) is None
    first.body(ASK, b"y")
    assert recorder.held == 0


def test_a_body_is_masked_of_every_credential_that_was_sent() -> None:
    """The client's token, the upstream's key, whatever they look like."""
    recorder = Recorder()
    recorder.record_bodies(True)
    recording = recorder.open("a")
    recording.head(ASK, "POST /", {"x-api-key": "our-local-word"})
    recording.head(Side.UPSTREAM_REQUEST, "POST /", {"Authorization": "Bearer their-odd-word"}, ("their-odd-word",))
    recording.body(ANSWER, b"you sent their-odd-word and our-local-word")
    found = recorder.find("a", list(Side))
    assert found is not None
    assert "-word" not in str(found.read())
