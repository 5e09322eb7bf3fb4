// The pictures of one question: added, looked at, taken out. They lie on the device at once.

import { take } from "./camera.js";
import { app, make, partOf, say, slotOf, tell } from "./dom.js";
import { changeDraft, dropPicture, picture } from "./store.js";

const most = Number(app.dataset.most);

export function attachPictures(field, draftId, item, photos) {
  const input = field.querySelector('input[type="file"]');
  const box = make("photos");
  const [list, count] = [box.querySelector("ul"), slotOf(box, "count")];
  field.append(box);
  let mine = photos.filter((one) => one.item === item);

  async function draw() {
    list.hidden = mine.length === 0;
    count.textContent = mine.length ? say("photo_count", { count: mine.length }) : "";
    list.replaceChildren(...await Promise.all(mine.map(row)));
  }

  async function row(photo, place) {
    const piece = make("photo", {}, { remove: () => remove(photo) });
    const image = slotOf(piece, "picture");
    image.alt = say("photo", { number: place + 1 });
    partOf(piece, "remove").querySelector("span").textContent = say("photo_remove", { number: place + 1 });
    const bytes = await picture(photo.key);
    if (bytes) {
      image.src = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    }
    return piece.firstElementChild;
  }

  async function remove(photo) {
    await changeDraft(draftId, (one) => {
      one.photos = one.photos.filter(({ key }) => key !== photo.key);
      one.state = "draft";
    });
    await dropPicture(photo.key);
    mine = mine.filter((one) => one !== photo);
    await draw();
    input.focus();
  }

  async function add(file) {
    if (mine.length >= most) return tell("photo_most", { most });
    let taken;
    try {
      taken = await take(file, item);
    } catch (error) {
      return error.name === "QuotaExceededError" ? dispatchEvent(new CustomEvent("full")) : warn("photo_bad");
    }
    const { photo, place } = taken;
    let twice = false;
    await changeDraft(draftId, (one) => {
      twice = one.photos.some(({ sha256 }) => sha256 === photo.sha256);
      if (twice) return false;
      one.photos.push(photo);
      one.state = "draft";
      return true;
    });
    if (twice) {
      await dropPicture(photo.key);
      return warn("photo_twice");
    }
    mine.push(photo);
    place.then((where) => changeDraft(draftId, (one) => {
      Object.assign(one.photos.find(({ key }) => key === photo.key) ?? {}, where);
    }));
    return undefined;
  }

  function warn(name) {
    count.textContent = say(name);
    tell(name);
    return "said";
  }

  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    tell("photo_busy");
    let said;
    for (const file of files) said = await add(file) ?? said;
    await draw();
    if (said === "said") return;
    tell("photo_count", { count: mine.length });
  });
  draw();
}
