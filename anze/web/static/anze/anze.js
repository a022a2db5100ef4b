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
// A refused form carries its own errors; any other refusal is a page of its own.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if ([400, 409, 422].includes(xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else if (xhr.status >= 400 && xhr.responseText.includes("<html")) {
    event.detail.shouldSwap = false;
    document.open();
    document.write(xhr.responseText);
    document.close();
  }
});
document.addEventListener("htmx:sendError", () => {
  const note = document.createElement("div");
  note.className = "note note-error";
  note.setAttribute("role", "alert");
  note.textContent = "网络中断，操作没有完成。已填写的内容仍在页面上，请稍后重试。";
  document.querySelector(".toasts")?.append(note);
});
setTimeout(() => {
  for (const note of document.querySelectorAll(".note-success")) note.remove();
}, 8000);
document.querySelector("[data-scroll-now]")?.scrollIntoView({ inline: "center", block: "nearest" });
