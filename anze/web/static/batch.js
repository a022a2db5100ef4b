// Choosing many: narrowed by name, unit and trade on the page itself; what is hidden stays chosen.
(() => {
  const form = document.querySelector("[data-choose]");
  if (!form) return;
  const rows = [...form.querySelectorAll(".choose > li")];
  const filters = form.querySelector("[data-choose-filters]");
  const text = form.querySelector("[data-choose-text]");
  const unit = form.querySelector("[data-choose-unit]");
  const driver = form.querySelector("[data-choose-driver]");
  const box = (row) => row.querySelector("input");
  const initials = (words) => words.split(/\s+/).map((word) => word[0] || "").join("").toLowerCase();

  function narrow() {
    const wanted = text.value.trim().toLowerCase();
    for (const row of rows) {
      const name = row.dataset.name.toLowerCase();
      const named = !wanted || name.includes(wanted) || initials(name).includes(wanted);
      row.hidden = !(named && (!unit?.value || row.dataset.unit === unit.value) && (!driver?.value || row.dataset.driver === driver.value));
    }
  }
  function count() {
    form.querySelector("[data-choose-count]").textContent = rows.filter((row) => box(row).checked).length;
  }
  function mark(some, checked) {
    for (const row of some) box(row).checked = checked;
    count();
  }
  filters.hidden = false;
  for (const control of [text, unit, driver]) control?.addEventListener("input", narrow);
  text.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  form.addEventListener("change", count);
  form.querySelector("[data-choose-all]").addEventListener("click", () => mark(rows.filter((row) => !row.hidden), true));
  form.querySelector("[data-choose-none]").addEventListener("click", () => mark(rows, false));
  count();
})();
