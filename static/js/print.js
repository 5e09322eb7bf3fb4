// A button that prints the page. Without this file it stays hidden; the browser's menu prints too.

export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
