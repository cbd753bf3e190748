"""System-role messages in requests that are passed through."""

from __future__ import annotations

from helpers.builders import assistant, image, request_body, system, text, tool_result, tool_use, user
from tray_app.translation.losses import Losses
from tray_app.translation.passthrough.system import lift_leading_system, system_to_reminders

REMINDER = "<system-reminder>\nenv\n</system-reminder>"


def test_p_04_leading_system_moves_to_the_top() -> None:
    """400 "messages.0: use the top-level 'system' parameter" otherwise; blocks and their marks stay as they are."""
    marked = text("two", cache_control={"type": "ephemeral"})
    found = lift_leading_system(request_body(system("one"), system(marked), user("a"), system("late"), system="zero"))
    assert found["system"] == [text("zero"), text("one"), marked]
    assert found["messages"] == [user("a"), system("late")]


def test_p_04_without_a_top_level_system_one_is_made() -> None:
    """Also when nothing else is left."""
    assert lift_leading_system(request_body(system("one")))["system"] == [text("one")]
    assert lift_leading_system(request_body(system("one"), user("a"), system=[text("zero")]))["system"] == [
        text("zero"),
        text("one"),
    ]


def test_r_pas_1_nothing_to_move_is_the_same_object() -> None:
    """Neither late system messages nor directives are touched."""
    for body in (
        request_body(user("a"), system("late")),
        request_body(system(output_config={"effort": "low"}), user("a")),
        request_body(system(""), user("a")),
    ):
        assert lift_leading_system(body) is body


def test_p_05_images_go_to_the_user() -> None:
    """Images inside `system` are a 422."""
    found = lift_leading_system(request_body(system("one", image()), user("a")))
    assert found["messages"] == [user(image(), "a")]
    assert lift_leading_system(request_body(system(image()), assistant("b")))["messages"] == [
        user(image()),
        assistant("b"),
    ]
    assert "system" not in lift_leading_system(request_body(system(image())))


def test_p_06_a_directive_with_text_stays_as_a_directive() -> None:
    """Its text moves, its effort stays where it is legal."""
    found = lift_leading_system(request_body(system("one", output_config={"effort": "low"}), user("a")))
    assert found["messages"][0] == system(output_config={"effort": "low"})
    assert found["system"] == [text("one")]


def test_r_pas_5_system_messages_become_reminders() -> None:
    """After the tool results of the user's turn, or as a turn of their own; strings and blocks alike."""
    losses = Losses()
    body = request_body(user("a"), assistant(tool_use("t")), user(tool_result("t")), system("env"), assistant("b"))
    found = system_to_reminders(body, losses)
    assert found["messages"][2] == user(tool_result("t"), REMINDER)
    own = system_to_reminders(request_body(user("a"), system("env")), losses)
    assert own["messages"][0]["content"] == [text("a"), text(REMINDER)]
    assert any("reminder" in note for note in losses)
    after = request_body(user("a"), assistant("b"), system(text("env"), image()))
    assert system_to_reminders(after, losses)["messages"][2]["content"] == [text(REMINDER), image()]


def test_r_sys_14_directives_become_the_requests_effort() -> None:
    """The last one counts; other settings stay."""
    body = request_body(
        user("a"),
        system(output_config={"effort": "low"}),
        system(output_config={"effort": "high"}),
        output_config={"effort": "medium", "format": {}},
    )
    found = system_to_reminders(body, Losses())
    assert found["messages"] == [user("a")]
    assert found["output_config"] == {"effort": "high", "format": {}}


def test_blocks_in_the_middle_of_a_turn_become_reminders() -> None:
    """`mid_conv_system` inside a user's turn keeps its place."""
    block = {"type": "mid_conv_system", "content": [text("env")]}
    found = system_to_reminders(request_body(user("a", block, "b")), Losses())
    assert found["messages"][0]["content"] == [text("a"), text(REMINDER), text("b")]
    assert "output_config" not in found


def test_without_system_messages_nothing_changes() -> None:
    """The same object comes back."""
    body = request_body(user("a"), assistant(text("b")))
    assert system_to_reminders(body, Losses()) is body


def test_r_pas_4_shapes_nobody_knows_say_nothing() -> None:
    """A directive that is no object and system text that is no list are left out; nothing fails."""
    odd = user(text("a"), {"type": "mid_conv_system", "content": {"odd": 1}})
    body = request_body(odd, system(output_config=["low"]), assistant("b"))
    assert system_to_reminders(body, Losses())["messages"] == [user(text("a")), assistant("b")]
