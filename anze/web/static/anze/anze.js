// Small comforts; every page works without them.
document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest(closer.dataset.close)?.remove();
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.js-menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.js-menu[open]")) {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  }
});
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button[data-busy]");
  if (button && !event.defaultPrevented) {
    setTimeout(() => { button.disabled = true; button.append("…"); });
  }
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[data-busy]:disabled")) button.disabled = false;
});
// A refused form or a lost session still carries a page that the person must see.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 404, 409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
setTimeout(() => {
  for (const note of document.querySelectorAll(".note-success")) note.remove();
}, 8000);
document.querySelector("[data-scroll-now]")?.scrollIntoView({ inline: "center", block: "nearest" });
