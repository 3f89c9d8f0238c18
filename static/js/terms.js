/* The policy editor: rows are added and removed without the server, fields show where they are asked. */
(() => {
  const form = document.getElementById("terms-form");
  if (!form) return;
  const values = JSON.parse(document.getElementById("terms-values")?.textContent || "{}");
  let numbers = 1000;

  function changed() {
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function add(button) {
    const [path, kind] = button.value.split("|");
    const list = { test: `${path}.tests`, join: `${path}.groups`, part: `${path}.parts` }[kind] || path;
    const place = document.createElement("template");
    numbers += 1;
    place.innerHTML = document.getElementById(`t:${button.dataset.add}`).innerHTML.replaceAll("__path__", `${list}[${numbers}]`);
    const rows = button.parentElement.parentElement.querySelector(":scope > [data-rows]");
    const last = rows.children.length;
    rows.append(place.content);
    if (rows.parentElement.matches("[data-list]")) foldable(rows);
    tidy();
    rows.children[last]?.querySelector("select, input:not([type=hidden]), summary")?.focus();
    changed();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-add], button[data-remove]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.add) add(button);
    else {
      button.closest("[data-row]").remove();
      changed();
    }
  });

  // --- rows of a list close to a line each: the line is their name, or what they say first
  function told(row) {
    const inputs = [...row.querySelectorAll("input:not([type=hidden], [type=checkbox]), select")];
    const name = inputs.find((input) => input.name.endsWith(".name") && !input.closest(".term-test") && input.closest("[data-row]") === row);
    if (name?.value) return name.value;
    const said = [...row.querySelectorAll("input:not([type=hidden], [type=checkbox]), select, [data-pick]")].map((input) => {
      if (input.matches("[data-pick]")) return input.querySelector("input:checked") ? input.querySelector("summary").textContent.trim() : "";
      if (!input.value) return "";
      return input.matches("select") ? input.selectedOptions[0].textContent.trim() : input.value;
    }).filter(Boolean);
    return said.slice(0, 4).join(" · ") || row.querySelector(":scope > .field-grid > .term-list > legend")?.textContent || "…";
  }

  function fold(row, closed) {
    row.classList.toggle("is-folded", closed);
    const line = row.querySelector(":scope > .term-fold");
    line.setAttribute("aria-expanded", String(!closed));
    line.firstElementChild.textContent = told(row);
  }

  function foldable(rows) {
    const items = [...rows.children].filter((row) => row.matches(".term-item"));
    if (items.length < 2) return;
    for (const row of items) {
      if (row.querySelector(":scope > .term-fold")) continue;
      const line = document.createElement("button");
      line.type = "button";
      line.className = "term-fold";
      line.append(document.createElement("span"), document.createElement("i"));
      line.lastElementChild.className = "ti ti-chevron-down";
      line.lastElementChild.setAttribute("aria-hidden", "true");
      line.addEventListener("click", () => fold(row, !row.classList.contains("is-folded")));
      row.prepend(line);
      fold(row, false);
    }
  }

  function foldAll() {
    for (const rows of form.querySelectorAll("[data-list] > [data-rows]")) {
      foldable(rows);
      for (const row of rows.children) {
        if (row.querySelector(":scope > .term-fold")) fold(row, !row.querySelector(".invalid-feedback"));
      }
    }
  }

  function choose(list, options) {
    list.replaceChildren(...options.map(([value, name]) => {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = name;
      return option;
    }));
  }

  function tidy() {
    for (const field of form.querySelectorAll("[data-show-if]")) {
      const [name, value] = field.dataset.showIf.split("=");
      const input = form.querySelector(`[name$=".${name}"]`);
      field.hidden = !input || input.value !== value;
      if (field.hidden) for (const one of field.querySelectorAll("input, select")) one.value = "";
    }
    for (const either of form.querySelectorAll("[data-either]")) {
      const detail = either.querySelector(":scope > [data-detail]");
      detail.hidden = either.querySelector(":scope > div > select").value !== "…";
    }
    for (const test of form.querySelectorAll(".term-test")) {
      const [name, comparison] = test.querySelectorAll("select");
      const value = test.querySelector("input");
      const needs = !["known", "unknown"].includes(comparison.value);
      value.hidden = !needs;
      const options = values[name.value];
      if (options && value.dataset.for !== name.value) {
        let list = test.querySelector("datalist");
        if (!list) {
          list = document.createElement("datalist");
          list.id = `v:${value.name}`;
          value.after(list);
        }
        choose(list, options);
        value.setAttribute("list", list.id);
        value.dataset.for = name.value;
      } else if (!options) value.removeAttribute("list");
    }
    for (const pick of form.querySelectorAll("[data-pick]")) {
      const summary = pick.querySelector("summary");
      const names = [...pick.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
      summary.textContent = names.length ? names.join(", ") : summary.dataset.none;
    }
    for (const line of form.querySelectorAll(".term-item > .term-fold")) line.firstElementChild.textContent = told(line.parentElement);
  }

  // what is empty says nothing, and a form may have hundreds of fields
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
  form.addEventListener("change", tidy);
  form.addEventListener("keydown", (event) => {
    const pick = event.key === "Escape" && event.target.closest("[data-pick][open]");
    if (!pick) return;
    pick.open = false;
    pick.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    for (const pick of form.querySelectorAll("[data-pick][open]")) if (!pick.contains(event.target)) pick.open = false;
  });
  tidy();
  foldAll();
})();
