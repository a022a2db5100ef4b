"""A drawn name as a small picture, set by typst.

What arrives is points: no picture that a stranger made is ever opened.
"""

from __future__ import annotations

import json

import typst

from anze.rules.strokes import Drawing

_LAYOUT = b"""
#let ink = json(bytes(sys.inputs.ink))
#set page(width: ink.width * 1pt, height: ink.height * 1pt, margin: 0pt, fill: white)
#for stroke in ink.strokes {
  place(top + left, curve(
    stroke: (paint: rgb("#14233c"), thickness: 3.5pt, cap: "round", join: "round"),
    curve.move(stroke.first().map(n => n * 1pt)),
    ..stroke.map(point => curve.line(point.map(n => n * 1pt))),
  ))
}
"""


def png_of(drawing: Drawing) -> bytes:
    ink = json.dumps({"width": drawing.width, "height": drawing.height, "strokes": drawing.strokes})
    found = typst.compile(_LAYOUT, format="png", ppi=72, sys_inputs={"ink": ink}, ignore_system_fonts=True)
    assert isinstance(found, bytes)
    return found
