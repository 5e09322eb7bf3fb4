// What else is wanted of a page. Through the prototypes, because an element named "title" or
// "links" takes the place of the document's own property, in every world.
(() => {
  const own = (type, name, target) =>
    Object.getOwnPropertyDescriptor(type.prototype, name).get.call(target);
  const root = own(Document, 'documentElement', document);
  const found = Document.prototype.querySelectorAll.call(document, 'a[href], area[href]');
  const links = new Set();
  for (const link of found) {
    if (links.size >= 3000) break;
    if (typeof link.href === 'string') links.add(link.href.slice(0, 2000));
  }
  return {
    title: String(own(Document, 'title', document)).slice(0, 300),
    language: String(root?.lang ?? '').slice(0, 35),
    links: [...links],
  };
})()
