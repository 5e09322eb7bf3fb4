// 飘窗: a window that wanders over the page and cannot be stopped. A fault that is wanted.
const adrift = document.querySelector(".adrift");
let [x, y, east, south] = [40, 120, 1, 1];
setInterval(() => {
  x += east; y += south;
  if (x < 0 || x + adrift.offsetWidth > innerWidth) east = -east;
  if (y < 0 || y + adrift.offsetHeight > innerHeight) south = -south;
  adrift.style.left = `${x}px`;
  adrift.style.top = `${y}px`;
}, 30);
adrift.querySelector("span").onclick = () => { adrift.hidden = true; };
