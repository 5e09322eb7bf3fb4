// Attaches behaviours to a page that already works without them. An element names its modules:
// data-module="relevance progress"; each is a file here that exports default (element) => void.

const NAME = /^[a-z][a-z-]*(\/[a-z][a-z-]*)?$/;

async function attach(element, name) {
  if (!NAME.test(name)) return;
  try {
    const module = await import(`./${name}.js`);
    module.default(element);
  } catch (error) {
    // The page keeps working as the server made it; whoever looks at the console learns why.
    console.error(`module ${name} did not start`, error);
  }
}

for (const element of document.querySelectorAll("[data-module]")) {
  for (const name of element.dataset.module.split(/\s+/)) attach(element, name);
}
