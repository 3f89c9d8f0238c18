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
