// The entry form: people and subjects picked by name or pinyin, files with previews, progress of the upload.
(() => {
  const json = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");
  const initials = (pinyin) => pinyin.split(/[\s']+/).map((word) => word[0] || "").join("");
  const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  let files = [];

  function matches(entry, text) {
    const wanted = text.trim().toLowerCase();
    const pinyin = (entry.find || "").toLowerCase();
    return entry.name.toLowerCase().includes(wanted) || pinyin.replace(/[\s']/g, "").startsWith(wanted) || initials(pinyin).startsWith(wanted);
  }

  // One list of rows kept as JSON in a hidden field. `describe` turns a roster entry into a row.
  function roster(form, { name, entries, template, describe, same, draw }) {
    const field = form.querySelector(`input[name="${name}"]`);
    const holder = form.querySelector(`[data-rows="${name}"]`);
    if (!field || !holder) return null;
    let rows = [];
    try { rows = JSON.parse(field.value || "[]"); } catch { rows = []; }

    function write() {
      field.value = JSON.stringify(rows);
      const count = form.querySelector(`[data-count="${name}"]`);
      if (count) count.textContent = rows.length ? `${rows.length} ${name === "parts" ? "人次" : "项"}` : "";
      const wrap = form.querySelector(`[data-rows-wrap="${name}"]`);
      if (wrap) wrap.hidden = !rows.length;
      const clear = form.querySelector(`[data-clear="${name}"]`);
      if (clear) clear.hidden = rows.length < 2;
    }
    function show() {
      holder.replaceChildren(...rows.map((row) => {
        const element = form.querySelector(template).content.firstElementChild.cloneNode(true);
        element.querySelector("[data-name]").textContent = row.name;
        draw(element, row);
        element.addEventListener("input", (event) => { const key = event.target.dataset.key; if (key) { row[key] = event.target.value; write(); } });
        element.querySelector("[data-remove]").addEventListener("click", () => { rows = rows.filter((other) => other !== row); write(); show(); });
        return element;
      }));
    }
    function add(chosen) {
      for (const entry of chosen) if (!rows.some((row) => same(row, entry))) rows.push(describe(entry));
      write();
      show();
    }
    for (const row of rows) row.name = row.name || entries.find((entry) => same(row, entry))?.name || "";
    form.querySelector(`[data-clear="${name}"]`)?.addEventListener("click", () => { rows = []; write(); show(); });
    picker(form.querySelector(`[data-picker="${name}"]`), entries, (entry) => add([entry]), (entry) => rows.some((row) => same(row, entry)));
    write();
    show();
    return { add };
  }

  function picker(input, entries, choose, chosen) {
    const menu = document.getElementById(input.getAttribute("aria-controls"));
    const close = () => { menu.classList.remove("show"); input.setAttribute("aria-expanded", "false"); };
    const options = () => [...menu.querySelectorAll("button")];
    function open() {
      const found = input.value.trim() ? entries.filter((entry) => matches(entry, input.value)).slice(0, 8) : [];
      menu.replaceChildren(...found.map((entry, index) => {
        const option = document.createElement("button");
        option.type = "button";
        option.className = `dropdown-item${index ? "" : " active"}`;
        option.setAttribute("role", "option");
        option.textContent = entry.name + (entry.gone ? "（已离职）" : "") + (chosen(entry) ? "（已在名单）" : "");
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => { choose(entry); input.value = ""; close(); input.focus(); });
        return option;
      }));
      if (!found.length && input.value.trim()) {
        const none = document.createElement("span");
        none.className = "dropdown-item-text text-quiet";
        none.textContent = "没有找到";
        menu.append(none);
      }
      menu.classList.toggle("show", Boolean(input.value.trim()));
      input.setAttribute("aria-expanded", String(menu.classList.contains("show")));
    }
    input.addEventListener("input", open);
    input.addEventListener("blur", () => setTimeout(close, 150));
    input.addEventListener("keydown", (event) => {
      const all = options();
      const at = all.findIndex((option) => option.classList.contains("active"));
      if (event.key === "Enter") { event.preventDefault(); all[at]?.click(); }
      if (event.key === "Escape") close();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        all[at]?.classList.remove("active");
        all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.classList.add("active");
      }
    });
  }

  // Everybody, or every vehicle, of one unit at once.
  function wholeUnit(form, which, entries, list) {
    const chosen = form.querySelector(`[data-all-of="${which}"]`);
    chosen?.addEventListener("change", () => {
      if (chosen.value) list.add(entries.filter((entry) => String(entry.unit) === chosen.value && !entry.gone));
      chosen.value = "";
    });
  }

  function people(form, known, settings) {
    const parts = roster(form, {
      name: "parts",
      entries: known.people,
      template: "#part-row",
      same: (row, entry) => row.person === entry.id,
      describe: (entry) => ({ person: entry.id, name: entry.name, role: settings.usualRole, attendance: "attended", hours: "" }),
      draw: (element, row) => {
        for (const control of element.querySelectorAll("[data-key]")) control.value = row[control.dataset.key] ?? "";
      },
    });
    if (!parts) return;
    wholeUnit(form, "people", known.people, parts);
    const before = json("attended-before") || [];
    form.querySelector('[data-all="before"]')?.addEventListener("click", () => parts.add(before.map((row) => ({ id: row.person, name: row.name }))));
    const employed = known.people.filter((person) => !person.gone);
    const drivers = employed.filter((person) => person.driver);
    const allDrivers = form.querySelector('[data-all="driver"]');
    if (!allDrivers) return;
    allDrivers.hidden = !drivers.length;
    allDrivers.append(`（${drivers.length}）`);
    allDrivers.addEventListener("click", () => parts.add(drivers));
    form.querySelector('[data-all="person"]').addEventListener("click", () => parts.add(employed));
  }

  function subjects(form, known) {
    const listed = roster(form, {
      name: "subjects",
      entries: known.subjects,
      template: "#subject-row",
      same: (row, entry) => row.type === entry.type && row.id === entry.id,
      describe: (entry) => ({ type: entry.type, id: entry.id, name: entry.name }),
      draw: () => {},
    });
    if (listed) wholeUnit(form, "subjects", known.subjects, listed);
    for (const type of listed ? ["vehicle", "department"] : []) {
      form.querySelector(`[data-all="${type}"]`)?.addEventListener("click", () => listed.add(known.subjects.filter((entry) => entry.type === type)));
    }
  }

  // Rows of items: added from the template under the next number, removed for good.
  function items(form) {
    for (const box of form.querySelectorAll("[data-item-rows]")) {
      const list = box.querySelector("[data-item-list]");
      const wire = (row) => {
        const remove = row.querySelector("[data-remove-item]");
        remove.hidden = false;
        remove.addEventListener("click", () => row.remove());
      };
      let next = list.children.length;
      const add = () => {
        const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
        for (const field of row.querySelectorAll("[name]")) field.name = field.name.replace(/-0-/, `-${next}-`);
        next += 1;
        list.append(row);
        wire(row);
        return row;
      };
      for (const row of list.children) wire(row);
      const button = box.querySelector("[data-add-item]");
      button.hidden = false;
      button.addEventListener("click", () => add().querySelector("textarea").focus());
      box.addEventListener("items:fill", (event) => { while (next <= event.detail) add(); });
    }
  }

  function hours(form) {
    const start = form.querySelector("#id_happened_at");
    const end = form.querySelector("#id_ended_at");
    const field = form.querySelector("#id_hours, #id_v_hours");
    if (!start || !end || !field) return;
    const fill = () => {
      const length = (new Date(end.value) - new Date(start.value)) / 3600000;
      if (length > 0 && length <= 24 && (!field.value || field.dataset.computed)) {
        field.value = String(Math.round(length * 100) / 100);
        field.dataset.computed = "1";
      }
    };
    field.addEventListener("input", () => delete field.dataset.computed);
    for (const input of [start, end]) input.addEventListener("change", fill);
  }

  function showFiles(box) {
    const input = box.querySelector("#files");
    const kept = new DataTransfer();
    for (const file of files) kept.items.add(file);
    input.files = kept.files;
    box.querySelector("[data-file-list]").replaceChildren(...files.map((file) => {
      const row = document.createElement("li");
      row.className = "d-flex gap-2 align-items-center py-1";
      if (file.type.startsWith("image/") && !/hei[cf]/.test(file.type)) {
        const picture = document.createElement("img");
        picture.src = URL.createObjectURL(file);
        picture.alt = "";
        picture.className = "rounded border";
        picture.style.cssText = "width:3rem;height:3rem;object-fit:cover";
        picture.addEventListener("error", () => picture.remove());
        picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
        row.append(picture);
      }
      const name = document.createElement("span");
      name.className = "flex-fill text-truncate";
      name.textContent = file.name;
      const length = document.createElement("span");
      length.className = "small text-quiet text-nowrap";
      length.textContent = size(file.size);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn-close";
      remove.setAttribute("aria-label", `移除 ${file.name}`);
      remove.addEventListener("click", () => { files = files.filter((other) => other !== file); showFiles(box); });
      row.append(name, length, remove);
      return row;
    }));
  }

  function attachments(form, settings) {
    const box = form.querySelector("#file-box");
    if (!box || box.dataset.ready) return;
    box.dataset.ready = "1";
    files = [];
    for (const source of box.querySelectorAll("[data-file-source]")) {
      source.addEventListener("change", () => {
        const refused = [];
        for (const file of source.files) {
          if (file.size > settings.largest) refused.push(`“${file.name}”超过 ${settings.largest / 1048576} MB，没有加入，请压缩或拆分。`);
          else if (!files.some((other) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified)) files.push(file);
        }
        if (source.id === "camera") source.value = "";
        showFiles(box);
        for (const sentence of refused) {
          const row = document.createElement("li");
          row.className = "text-danger small py-1";
          row.setAttribute("role", "alert");
          row.textContent = sentence;
          box.querySelector("[data-file-list]").append(row);
        }
      });
    }
  }

  // What was typed survives a session that ended meanwhile: kept until the same page is open again.
  const place = () => `record:${location.pathname}${location.search}`;
  const typed = (form) => [...form.elements].filter((field) => field.name && !["csrfmiddlewaretoken", "mark", "files", "detach", "then"].includes(field.name));

  function keep(form) {
    const values = typed(form).filter((field) => field.type !== "radio" || field.checked).map((field) => [field.name, field.value]);
    try { sessionStorage.setItem(place(), JSON.stringify(values)); } catch { /* a full or closed store loses only this comfort */ }
  }

  function restore(form) {
    const kept = sessionStorage.getItem(place());
    if (!kept) return;
    sessionStorage.removeItem(place());
    const values = new Map(JSON.parse(kept));
    for (const name of values.keys()) {
      const row = /^(v_\w+)-(\d+)-what$/.exec(name);
      const box = row && form.querySelector(`[data-item-rows="${row[1]}"]`);
      if (box) box.dispatchEvent(new CustomEvent("items:fill", { detail: Number(row[2]) }));
    }
    for (const field of typed(form)) {
      if (!values.has(field.name)) continue;
      if (field.type === "radio") field.checked = field.value === values.get(field.name);
      else field.value = values.get(field.name);
    }
    say(form, "已恢复您刚才填写的内容；附件请重新选择。");
  }

  function say(form, sentence) {
    const text = form.querySelector("[data-progress-text]");
    text.hidden = false;
    text.textContent = sentence;
  }

  function ready() {
    const form = document.getElementById("record-form");
    if (!form || form.dataset.ready) return;
    form.dataset.ready = "1";
    items(form);
    restore(form);
    const known = json("roster") || { people: [], subjects: [] };
    const settings = json("form-settings") || {};
    people(form, known, settings);
    subjects(form, known);
    hours(form);
    attachments(form, settings);
  }

  document.addEventListener("htmx:xhr:progress", (event) => {
    const form = document.getElementById("record-form");
    if (!form || !files.length || !event.detail.total) return;
    const share = Math.round((100 * event.detail.loaded) / event.detail.total);
    const bar = form.querySelector("[data-progress]");
    const text = form.querySelector("[data-progress-text]");
    bar.hidden = text.hidden = false;
    bar.firstElementChild.style.width = `${share}%`;
    text.textContent = share < 100 ? `正在上传附件 ${share}%` : "附件已上传，正在保存…";
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 413) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener("htmx:afterSettle", () => {
    ready();
    document.getElementById("form-errors")?.focus();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id === "record-form") keep(event.target);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const answer = event.detail.xhr;
    const signedOut = answer.status === 403 || (answer.getResponseHeader("HX-Redirect") || "").startsWith("/signin/");
    if (event.target.id === "record-form" && answer.status && !signedOut) sessionStorage.removeItem(place());
  });
  document.addEventListener("htmx:responseError", (event) => {
    const form = document.getElementById("record-form");
    if (!form) return;
    if (event.detail.xhr.status === 403) say(form, "没有保存：登录状态已改变或没有权限。请刷新页面，填写的内容会恢复。");
    else say(form, "系统出错，没有保存。填写的内容还在，请稍后再点一次。");
  });
  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => {
      const form = document.getElementById("record-form");
      if (form) say(form, "网络中断，没有保存。填写的内容还在，请联网后再点一次。");
    });
  }
  const search = document.querySelector("[data-filter]");
  search?.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    let shown = 0;
    for (const group of document.querySelectorAll("[data-kind-group]")) {
      let inGroup = 0;
      for (const card of group.querySelectorAll(search.dataset.filter)) {
        card.hidden = !card.dataset.kind.toLowerCase().includes(wanted);
        inGroup += card.hidden ? 0 : 1;
      }
      group.hidden = !inGroup;
      shown += inGroup;
    }
    document.getElementById("no-kind").hidden = shown > 0;
  });
  ready();
})();
