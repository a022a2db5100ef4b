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
// The search box: "/" goes there, the arrows walk the hits, Escape or a click elsewhere closes them.
const box = document.querySelector(".js-search");
const hits = () => [box.querySelector("input"), ...box.querySelectorAll("[data-hit]")];
document.addEventListener("keydown", (event) => {
  if (!box) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.querySelector("input").focus();
  } else if (box.contains(event.target) && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    const all = hits();
    const next = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    all[(next + all.length) % all.length].focus();
  } else if (box.contains(event.target) && event.key === "Escape") {
    box.querySelector(".az-found").replaceChildren();
    box.querySelector("input").focus();
  }
});
document.addEventListener("click", (event) => {
  if (box && !box.contains(event.target)) box.querySelector(".az-found").replaceChildren();
});
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button[data-busy]");
  if (button && !event.defaultPrevented) {
    setTimeout(() => { button.disabled = true; button.append("…"); });
  }
});
// One answer for a whole checklist; each can be changed afterwards.
for (const button of document.querySelectorAll("button[data-set-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const radio of button.form.querySelectorAll(`input[type="radio"][value="${button.dataset.setAll}"]`)) radio.checked = true;
  });
}
// A long list of choices is sent once; the other fields that offer it borrow it here.
for (const field of document.querySelectorAll("select[data-options-of]")) {
  const lender = document.getElementById(field.dataset.optionsOf);
  const { value } = field;
  const borrowed = [...lender.options].filter((option) => option.value).map((option) => new Option(option.text, option.value));
  field.replaceChildren(field.options[0], ...borrowed);
  field.value = value;
}
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
// Parts that come after the page, or again and again while it is open. Whatever becomes of them, the page stays as it
// is: what somebody types there is worth more. Leaving the page does not break them off.
for (const place of document.querySelectorAll("[data-part]")) {
  const load = async () => {
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(place.dataset.part, { keepalive: true });
      if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
    } catch {
      // No network just now; a later turn may have it.
    }
    place.removeAttribute("aria-busy");
  };
  if (place.dataset.every) setInterval(load, place.dataset.every * 1000);
  else load();
}
