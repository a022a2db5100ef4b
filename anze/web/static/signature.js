// A name written with the finger: strokes as points of a pad of 600 × 240, kept in a hidden field, and drawn as they come.
(() => {
  const pad = document.getElementById("pad");
  if (!pad) return;
  const [WIDTH, HEIGHT, NEAR] = [600, 240, 3];
  const field = document.getElementById("strokes");
  const pen = pad.getContext("2d");
  let strokes = [];
  try { strokes = JSON.parse(field.value || "[]"); } catch { strokes = []; }
  if (!Array.isArray(strokes)) strokes = [];

  function draw() {
    const scale = window.devicePixelRatio || 1;
    pad.width = pad.clientWidth * scale;
    pad.height = pad.clientHeight * scale;
    pen.setTransform(pad.width / WIDTH, 0, 0, pad.height / HEIGHT, 0, 0);
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#14233c";
    for (const stroke of strokes) {
      pen.beginPath();
      pen.moveTo(stroke[0], stroke[1]);
      for (let n = 0; n < stroke.length; n += 2) pen.lineTo(stroke[n], stroke[n + 1]);
      pen.stroke();
    }
  }
  const keep = () => { field.value = JSON.stringify(strokes); };
  const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
  function point(event) {
    const box = pad.getBoundingClientRect();
    return [within(((event.clientX - box.left) / box.width) * WIDTH, WIDTH), within(((event.clientY - box.top) / box.height) * HEIGHT, HEIGHT)];
  }
  let current = null;
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    current = point(event);
    strokes.push(current);
    draw();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!current) return;
    const [x, y] = point(event);
    if (Math.abs(x - current.at(-2)) < NEAR && Math.abs(y - current.at(-1)) < NEAR) return;
    current.push(x, y);
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { current = null; keep(); });
  document.getElementById("pad-clear").addEventListener("click", () => { strokes = []; keep(); draw(); });
  window.addEventListener("resize", draw);
  draw();
})();
