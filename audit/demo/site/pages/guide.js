// A dialog without a role, a name, or care for the focus; a button that is none.
const veil = document.querySelector(".veil");
document.querySelector(".fake").onclick = () => { veil.hidden = false; };
document.querySelector(".shut").onclick = () => { veil.hidden = true; };
document.querySelector("#town").onchange = (event) => { location.hash = event.target.value; };
