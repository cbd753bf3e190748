"""Images and documents (spec section 8)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from helpers.builders import (
    PDF,
    PNG,
    assistant,
    chat,
    conversion,
    document,
    image,
    image_url,
    target,
    text,
    tool_result,
    tool_use,
    translated,
    user,
)
from tray_app.translation.errors import ApiError
from tray_app.translation.request.content import block_parts

FILE_URL = f"data:application/pdf;base64,{PDF}"


def only_part(block: dict[str, Any], **capabilities: Any) -> dict[str, Any]:
    (part,) = block_parts([block], conversion(**capabilities))
    return part


def encoded(data: bytes) -> str:
    return base64.b64encode(data + bytes(30)).decode()


def url_of(block: dict[str, Any]) -> str:
    return str(only_part(block)["image_url"]["url"])


def test_image_base64() -> None:
    """A data URL in an image part."""
    assert only_part(image()) == {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}


def test_image_detail() -> None:
    """Added where the record names one."""
    assert only_part(image(), image_detail="low")["image_url"]["detail"] == "low"


def test_image_url_as_it_is() -> None:
    """A URL is passed on where the upstream fetches it, else the model is told."""
    assert url_of(image_url()) == "https://example.org/a.png"
    assert "image omitted" in only_part(image_url(), images="data")["text"]


def test_r_blk_6_an_image_before_an_omitted_one_stays() -> None:
    """One that can be sent, then two that cannot: the image, and one placeholder for the two."""
    parts = block_parts([image(), image_url(), image_url()], conversion(images="data"))
    assert [part["type"] for part in parts] == ["image_url", "text"]
    assert parts[1]["text"].startswith("[2 images omitted")


def test_r_blk_2_what_is_no_base64_keeps_its_declared_type() -> None:
    """The upstream says what it thinks of it."""
    assert url_of(image("äöü", "image/webp")).startswith("data:image/webp;base64,")


@pytest.mark.parametrize("block", [image(), document()])
def test_file_sources_are_refused(block: dict[str, Any]) -> None:
    """Files live at Anthropic; the error names the block."""
    block = {**block, "source": {"type": "file", "file_id": "file_1"}}
    with pytest.raises(ApiError, match=rf"messages\.0\.{block['type']}\.source"):
        chat(user(block))


def test_unknown_sources_become_placeholders() -> None:
    """A source type of the future is no error."""
    assert "image omitted" in only_part({"type": "image", "source": {"type": "hologram"}})["text"]
    unknown = {"type": "document", "source": {"type": "hologram"}}
    assert "document omitted" in only_part(unknown, documents="file")["text"]


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
    ],
)
@pytest.mark.parametrize("declared", [None, "image/x-wrong", "nonsense"])
def test_r_blk_2_media_type_is_sniffed(head: bytes, media_type: str, declared: str | None) -> None:
    """A missing or wrong media type gives way to what the first bytes say."""
    assert url_of(image(encoded(head), declared)).startswith(f"data:{media_type};base64,")


@pytest.mark.parametrize(
    ("declared", "used"), [("image/jpg", "image/jpeg"), ("image/avif", "image/avif"), (None, "image/png")]
)
def test_r_blk_2_media_type_without_magic(declared: str | None, used: str) -> None:
    """What cannot be sniffed keeps its declared type, normalised."""
    assert url_of(image(encoded(b"????"), declared)).startswith(f"data:{used};")
    assert url_of(image("x", declared)).startswith(f"data:{used};")


def test_r_blk_2_base64_is_cleaned() -> None:
    """White space, a data prefix, the URL alphabet and missing padding are mended."""
    clean = base64.b64encode(b"\x89PNG\r\n\x1a\n\xff\xfb\xfe\xff").decode()
    assert "+" in clean or "/" in clean
    for messy in (
        f"data:image/png;base64,{clean}",
        f"{clean[:6]}\n{clean[6:]} ",
        clean.replace("+", "-").replace("/", "_"),
        clean.rstrip("="),
    ):
        assert url_of(image(messy)) == f"data:image/png;base64,{clean}"


def test_big_image_is_not_copied_into_pieces() -> None:
    """Clean base64 keeps its characters, however long."""
    data = encoded(b"\x89PNG\r\n\x1a\n" + bytes(300_000))
    assert url_of(image(data)) == f"data:image/png;base64,{data}"


def test_r_blk_6_images_none() -> None:
    """Placeholders tell the model; neighbours are counted."""
    result = translated(user("a", image(), image(), "b", image()), to=target(images="none"))
    assert result.body["messages"][0]["content"] == (
        "a\n\n[2 images omitted: the model does not accept images]\n\nb\n\n"
        "[image omitted: the model does not accept images]"
    )
    assert "messages.0.image: the model does not accept images" in result.context.losses


def test_r_blk_7_oldest_images_go_first() -> None:
    """Beyond the cap the oldest are replaced, never those of the newest turn."""
    turns = [user(image(), "first"), assistant("ok"), user(image(), image(), "second")]
    for capabilities in ({"max_images": 2}, {"max_images": 1}, {"max_image_bytes": len(PNG) * 2 + 60}):
        first, _, last = chat(*turns, to=target(**capabilities))
        assert "image omitted" in first["content"]
        assert [part["type"] for part in last["content"]] == ["image_url", "image_url", "text"]
    assert [part["type"] for part in chat(*turns, to=target(max_images=3))[0]["content"]] == ["image_url", "text"]


def test_r_blk_7_lifted_images_count() -> None:
    """Images of tool results are images."""
    turns = [
        user("a"),
        assistant(tool_use("t1")),
        user(tool_result("t1", [image()])),
        assistant("ok"),
        user(image()),
    ]
    messages = chat(*turns, to=target(max_images=1))
    assert "image omitted" in messages[3]["content"]


PDF_PARTS = {
    "file": {"type": "file", "file": {"filename": "document-1.pdf", "file_data": FILE_URL}},
    "document_url": {"type": "document_url", "document_url": FILE_URL},
    "image_url": {"type": "image_url", "image_url": {"url": FILE_URL}},
}


@pytest.mark.parametrize("documents", ["file", "document_url", "image_url", "text", "none"])
def test_p_13_pdf_in_every_dialect(documents: str) -> None:
    """A PDF becomes a part or a placeholder with a note, never nothing."""
    result = translated(user(document(), "sum"), to=target(documents=documents))
    content = result.body["messages"][0]["content"]
    if documents in PDF_PARTS:
        assert content[0] == PDF_PARTS[documents]
    else:
        assert content.startswith("[document omitted: document 1 ")
        assert any(note.startswith("messages.0.document") for note in result.context.losses)


@pytest.mark.parametrize("documents", ["file", "document_url", "image_url", "text", "none"])
def test_p_13_document_url(documents: str) -> None:
    """Only one dialect takes URLs; elsewhere the placeholder names it."""
    part = only_part(document({"type": "url", "url": "https://x/a.pdf"}), documents=documents)
    if documents == "document_url":
        assert part == {"type": "document_url", "document_url": "https://x/a.pdf"}
    else:
        assert part["text"].startswith("[document omitted: https://x/a.pdf ")


@pytest.mark.parametrize("documents", ["file", "none"])
def test_p_13_text_document(documents: str) -> None:
    """Plain text goes as text everywhere, its title escaped."""
    block = document({"type": "text", "media_type": "text/plain", "data": "DATA"}, title='A "b" <c>', context="CTX")
    expected = '<document title="A &quot;b&quot; &lt;c&gt;">\nCTX\nDATA\n</document>'
    assert only_part(block, documents=documents) == text(expected)


def test_p_13_content_document() -> None:
    """Its texts are wrapped, its images follow."""
    block = document({"type": "content", "content": [text("T1"), image(), text("T2")]})
    first, second = block_parts([block], conversion())
    assert first == text("<document>\nT1\n\nT2\n</document>")
    assert second["type"] == "image_url"
    assert only_part(document({"type": "content", "content": "T"})) == text("<document>\nT\n</document>")


@pytest.mark.parametrize(
    ("title", "filename"),
    [
        (None, "document-1.pdf"),
        ("", "document-1.pdf"),
        ("../..", "document-1.pdf"),
        ("report", "report.pdf"),
        ("Q1.PDF", "Q1.PDF"),
        ("a/b:c", "a_b_c.pdf"),
    ],
)
def test_r_blk_1_filename(title: str | None, filename: str) -> None:
    """The title, made safe, ending in .pdf; else a number."""
    assert only_part(document(title=title), documents="file")["file"]["filename"] == filename


def test_r_blk_1_documents_are_numbered() -> None:
    """Over the whole request."""
    parts = block_parts([document(), document()], conversion(documents="file"))
    assert [part["file"]["filename"] for part in parts] == ["document-1.pdf", "document-2.pdf"]
