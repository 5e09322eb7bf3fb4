// The main navigation is a <details>, open on a wide screen and closed on a narrow one.

export default function menu(details) {
  const wide = matchMedia("(min-width: 60em)");
  wide.addEventListener("change", () => { details.open = wide.matches; });

  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wide.matches || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
}
