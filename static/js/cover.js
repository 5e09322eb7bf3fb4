// Draws boxes on a picture into the form's rows. Without it, the rows are filled in by hand.

const SIDES = ["left", "top", "width", "height"];

export default function cover(form) {
  const picture = form.querySelector(".cover__picture");
  const rows = [...form.querySelectorAll("[data-row]")];
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.append(status);
  const input = (row, side) => row.querySelector(`[name^="${side}-"]`);
  const isBlank = (row) => SIDES.every((side) => input(row, side).value.trim() === "");

  function draw() {
    picture.querySelectorAll(".cover__box").forEach((box) => box.remove());
    rows.filter((row) => !isBlank(row)).forEach((row) => {
      const box = document.createElement("span");
      box.className = "cover__box";
      SIDES.forEach((side) => {
        const amount = Math.min(Math.max(Number.parseFloat(input(row, side).value) || 0, 0), 100);
        box.style[side] = `${amount}%`;
      });
      picture.append(box);
    });
  }

  function place(event) {
    const edges = picture.getBoundingClientRect();
    const share = (at, from, whole) => Math.min(Math.max((at - from) / whole, 0), 1) * 100;
    return [share(event.clientX, edges.left, edges.width), share(event.clientY, edges.top, edges.height)];
  }

  let drawn = null;
  function fill(event) {
    const [x, y] = place(event);
    const values = {
      left: Math.min(x, drawn.x), top: Math.min(y, drawn.y),
      width: Math.abs(x - drawn.x), height: Math.abs(y - drawn.y),
    };
    SIDES.forEach((side) => { input(drawn.row, side).value = values[side].toFixed(1); });
    draw();
  }

  picture.addEventListener("pointerdown", (event) => {
    const row = rows.find(isBlank);
    if (!row) { status.textContent = form.dataset.textFull; return; }
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    drawn = { row, x, y };
  });
  picture.addEventListener("pointermove", (event) => { if (drawn) fill(event); });
  picture.addEventListener("pointerup", (event) => {
    if (!drawn) return;
    fill(event);
    const { row } = drawn;
    drawn = null;
    if (Number(input(row, "width").value) < 0.5 || Number(input(row, "height").value) < 0.5) {
      SIDES.forEach((side) => { input(row, side).value = ""; });
      draw();
      return;
    }
    status.textContent = form.dataset.textAdded.replace("{number}", Number(row.dataset.row) + 1);
  });
  form.addEventListener("input", draw);
  draw();
}
