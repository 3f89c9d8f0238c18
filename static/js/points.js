/* Why: the panel shows that something is on its way, never the answer to the line before. */
(() => {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target && event.detail.target.id === "why-body") {
      event.detail.target.innerHTML = '<div class="text-center py-5"><span class="spinner-border text-primary" role="status"></span></div>';
    }
  });
})();
