// Takes focus when the page opens: the list of errors, so that it is the first thing read.

export default function focus(element) {
  element.focus();
}
