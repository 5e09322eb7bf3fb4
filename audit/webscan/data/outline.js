// Lays a box over the window at this place; says how large the window is and where it has
// scrolled to. A separate box, so that the element itself stays as it was found.
(left, top, width, height) => {
  const box = document.createElement('div');
  const style = {
    all: 'initial', position: 'fixed', 'z-index': '2147483647', 'pointer-events': 'none',
    left: `${left - 4}px`, top: `${top - 4}px`, width: `${width + 8}px`,
    height: `${height + 8}px`, 'box-sizing': 'border-box', border: '3px solid #d4002a',
    'box-shadow': '0 0 0 2px #fff, inset 0 0 0 1px #fff',
  };
  for (const [name, value] of Object.entries(style)) box.style.setProperty(name, value, 'important');
  Object.getOwnPropertyDescriptor(Document.prototype, 'documentElement')
    .get.call(document).append(box);
  globalThis.tantuOutline = box;
  const view = globalThis.visualViewport;
  return { width: view.width, height: view.height, left: view.pageLeft, top: view.pageTop };
}
