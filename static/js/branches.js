/* Trees that load a branch when it is opened: the button shows or hides what htmx puts below it. */
(() => {
  const children = (button) => button.closest(".branch-item").querySelector(":scope > .branch-children");
  const show = (button, open) => {
    button.setAttribute("aria-expanded", String(open));
    children(button).hidden = !open;
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.target.closest("[data-branch-toggle]");
    // loaded once: afterwards the button only opens and closes
    if (button && children(button).childElementCount) {
      event.preventDefault();
      show(button, button.getAttribute("aria-expanded") !== "true");
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.classList.contains("branch-children")) {
      show(event.target.parentElement.querySelector(":scope > .branch-row [data-branch-toggle]"), true);
    }
  });
})();
