"""Papers to attach, drawn from plain bytes: a signed attendance sheet, a certificate, a photo of a form."""

from __future__ import annotations

import math
import struct
import zlib

from anze.cli.demo.days import chance

WIDTH, HEIGHT, ROW, TOP, LEFT = 620, 860, 34, 120, 40
PAPER, LINE, INK = 250, 120, 40


def attendance_sheet(seed: str, rows: int) -> bytes:
    """A PNG: a ruled sheet, each row with a scribble where its signature is."""
    pixels = [bytearray([PAPER]) * WIDTH for _ in range(HEIGHT)]
    _bar(pixels, LEFT + 150, 40, 240, 26)
    _bar(pixels, LEFT, 86, 320, 10)
    shown = min(rows, (HEIGHT - TOP - 60) // ROW)
    for index in range(shown + 1):
        _bar(pixels, LEFT, TOP + index * ROW, WIDTH - 2 * LEFT, 1, LINE)
    for column in (0, 70, 230, 430, WIDTH - 2 * LEFT):
        for y in range(TOP, TOP + shown * ROW):
            pixels[y][LEFT + min(column, WIDTH - 2 * LEFT - 1)] = LINE
    for index in range(shown):
        y = TOP + index * ROW + ROW // 2
        _bar(pixels, LEFT + 20, y - 4, 18, 8)
        _bar(pixels, LEFT + 90, y - 5, 40 + int(chance(seed, index, "name") * 30), 10)
        _scribble(pixels, LEFT + 250, y, f"{seed}:{index}")
    return _png(pixels)


def certificate(lines: list[str]) -> bytes:
    """A PDF of one page in the reader's own Song type."""
    text = b"BT /F1 20 Tf 70 760 Td 34 TL "
    text += b" ".join(b"<" + line.encode("utf-16-be").hex().encode() + b"> Tj T*" for line in lines)
    stream = text + b" ET 50 50 495 742 re S"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H "
        b"/DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    return _pdf(bodies)


def _pdf(bodies: list[bytes]) -> bytes:
    written, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(bodies) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(written))
    )


def _bar(pixels: list[bytearray], x: int, y: int, width: int, height: int, shade: int = INK) -> None:
    for line in pixels[y : y + height]:
        line[x : x + width] = bytes([shade]) * width


def _scribble(pixels: list[bytearray], x: int, y: int, seed: str) -> None:
    """Two overlaid waves: every name signs differently, the same name always alike."""
    slow, fast, lift = (chance(seed, part) for part in "abc")
    for step in range(90 + int(60 * slow)):
        wave = math.sin(step / (5 + 6 * slow)) * 7 + math.sin(step / (2 + 3 * fast)) * 4 * lift
        row = y + int(wave)
        for thick in (0, 1):
            pixels[row + thick][x + step] = INK


def _png(pixels: list[bytearray]) -> bytes:
    raw = b"".join(b"\0" + bytes(line) for line in pixels)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
