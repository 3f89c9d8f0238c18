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
  }

  // what is empty says nothing, and a form may have hundreds of fields
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
  form.addEventListener("change", tidy);
  document.addEventListener("click", (event) => {
    for (const pick of form.querySelectorAll("[data-pick][open]")) if (!pick.contains(event.target)) pick.open = false;
  });
  tidy();
})();
