/* Sign-in sheet: found people are added as lines of the attendees; a number is never added twice. */
(() => {
  function start() {
    const form = document.getElementById("sheet-form");
    const lines = form && form.elements.attendees;
    if (!lines) return;
    const counter = document.querySelector("[data-line-count]");
    const present = () => lines.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const count = () => {
      const number = present().length;
      counter.hidden = number === 0;
      counter.firstElementChild.textContent = number;
    };
    const add = (numbers) => {
      const all = present();
      // what a line states of one person stands behind the number
      const there = new Set(all.map((line) => line.split(/[\t;；,，]/)[0].trim()));
      numbers.forEach((number) => { if (!there.has(number)) all.push(number); });
      lines.value = all.join("\n") + "\n";
      count();
    };
    document.addEventListener("click", (event) => {
      const one = event.target.closest("[data-add]");
      if (one) { add([one.dataset.add]); one.disabled = true; }
      if (event.target.closest("[data-add-all]")) {
        add([...document.querySelectorAll("#sheet-people [data-add]")].map((button) => button.dataset.add));
        document.getElementById("sheet-people").replaceChildren();
      }
    });
    // Enter in the search box looks for people, it does not send the sheet
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.hasAttribute("data-no-submit")) event.preventDefault();
    });
    lines.addEventListener("input", count);
    count();
  }
  document.addEventListener("DOMContentLoaded", start);
})();
