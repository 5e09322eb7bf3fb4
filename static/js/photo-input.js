// A file input for photos: shows what was chosen, lets one remove a photo, adds a second choice
// to the first instead of replacing it, and makes large photos smaller before they are sent.
// Without this file the plain input sends the photos as they are.

import { announce, fill } from "./announce.js";

const LONG_SIDE = 2048;
const SENT_AS_IS = ["image/jpeg", "image/png", "image/webp"];
const THUMBNAIL = 192;

function draw(bitmap, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

// The same photo, at most 2048 px on its long side; the file itself where it is small already.
async function shrink(file, bitmap) {
  const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && SENT_AS_IS.includes(file.type)) return file;
  const canvas = draw(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
  if (!blob) return file;
  const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
  return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
}

function thumbnail(bitmap) {
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = THUMBNAIL;
  canvas.height = THUMBNAIL;
  canvas.getContext("2d").drawImage(
    bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, THUMBNAIL, THUMBNAIL,
  );
  return canvas;
}

async function prepare(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const photo = { file: await shrink(file, bitmap), canvas: thumbnail(bitmap) };
    bitmap.close();
    return photo;
  } catch {
    // Not a picture this browser can read: the server judges it.
    return { file, canvas: null };
  }
}

export default function photoInput(field) {
  const input = field.querySelector('input[type="file"]');
  const texts = field.dataset;
  const max = Number(texts.max) || 1;
  const list = document.createElement("ul");
  const total = document.createElement("p");
  list.className = "photo-picks";
  total.className = "photo-picks__count";
  list.hidden = true;
  total.hidden = true;
  field.append(list, total);
  let photos = [];

  function store() {
    const transfer = new DataTransfer();
    for (const photo of photos) transfer.items.add(photo.file);
    input.files = transfer.files;
  }

  function remove(photo) {
    photos = photos.filter((one) => one !== photo);
    store();
    show();
    input.focus();
  }

  function row(photo, number) {
    const item = document.createElement("li");
    const canvas = photo.canvas ?? document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", fill(texts.textPhoto, { number }));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "photo-picks__remove";
    button.textContent = fill(texts.textRemove, { number });
    button.addEventListener("click", () => remove(photo));
    item.append(canvas, button);
    return item;
  }

  function show(more = "") {
    list.replaceChildren(...photos.map((photo, index) => row(photo, index + 1)));
    total.textContent = fill(texts.textCount, { count: photos.length });
    list.hidden = photos.length === 0;
    total.hidden = list.hidden;
    announce([total.textContent, more].filter(Boolean).join(" "));
  }

  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    const kept = max === 1 ? [] : photos;
    field.setAttribute("aria-busy", "true");
    const fresh = [];
    // One after the other: an old phone has not the memory for six photos at once.
    for (const file of chosen.slice(0, max - kept.length)) fresh.push(await prepare(file));
    photos = [...kept, ...fresh];
    store();
    field.removeAttribute("aria-busy");
    const notes = [];
    if (chosen.length > max - kept.length) notes.push(fill(texts.textMax, { max }));
    if (fresh.some((photo) => !photo.canvas)) notes.push(texts.textUnreadable);
    show(notes.join(" "));
  });
}
