/* Small conveniences of every page. All of them are extras: the page works without. */
(() => {
  // typing in a search box goes on after the list around it was swapped
  document.addEventListener("htmx:afterSwap", () => {
    const search = document.getElementById("list-search");
    if (search && window.suiteSearching) {
      search.focus();
      search.setSelectionRange(search.value.length, search.value.length);
    }
  });
  document.addEventListener("htmx:beforeRequest", () => {
    window.suiteSearching = document.activeElement && document.activeElement.id === "list-search";
  });
  // select everything: <input type=checkbox data-check-all="name">
  document.addEventListener("change", (event) => {
    const name = event.target.dataset && event.target.dataset.checkAll;
    if (name) document.querySelectorAll(`input[name="${CSS.escape(name)}"]`).forEach((box) => { box.checked = event.target.checked; });
  });
  // files are chosen or dropped, in the words of the page, and named before they are sent
  document.querySelectorAll("input[type=file][data-choose]").forEach((input) => {
    const box = document.createElement("label");
    const button = document.createElement("span");
    const names = document.createElement("span");
    box.className = "file-drop";
    box.htmlFor = input.id;
    button.className = "btn";
    button.textContent = input.dataset.choose;
    names.className = "file-names text-secondary";
    const show = () => {
      const chosen = [...input.files].map((file) => file.name);
      names.textContent = chosen.length ? chosen.slice(0, 20).join("\n") + (chosen.length > 20 ? `\n… +${chosen.length - 20}` : "") : input.dataset.drop;
      names.classList.toggle("text-secondary", !chosen.length);
    };
    input.classList.add("visually-hidden");
    box.append(button, names);
    input.after(box);
    input.addEventListener("change", show);
    ["dragover", "dragleave", "drop"].forEach((kind) => box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.toggle("is-over", kind === "dragover");
    }));
    box.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length || (event.dataTransfer.files.length > 1 && !input.multiple)) return;
      input.files = event.dataTransfer.files;
      show();
    });
    show();
  });
  // what cannot be taken back is asked about first
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  }, true);
  // a form that changes a lot is sent once
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post" && !event.defaultPrevented && !("download" in event.target.dataset)) {
      setTimeout(() => event.target.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; }), 0);
      // what takes its time says that it works
      setTimeout(() => event.submitter?.classList.add("btn-loading"), 400);
      const busy = document.getElementById(event.target.dataset.busy || "");
      if (busy) busy.hidden = false;
    }
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form button[type=submit]:disabled").forEach((button) => { button.disabled = false; button.classList.remove("btn-loading"); }));
  // a server that cannot be reached is said, not swallowed
  document.addEventListener("htmx:sendError", () => document.body.classList.add("is-offline"));
})();
