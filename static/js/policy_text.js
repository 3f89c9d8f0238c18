/* A policy as text: numbers its lines, marks those with problems, and goes to them. */
(() => {
  const editor = document.querySelector(".text-editor");
  if (!editor) return;
  const [gutter, area] = [editor.querySelector(".text-gutter"), editor.querySelector("textarea")];
  const wrong = new Set(editor.dataset.lines.trim().split(/\s+/).map(Number));
  let drawn = 0;

  function draw() {
    const count = area.value.split("\n").length;
    if (count !== drawn) {
      gutter.replaceChildren(...Array.from({ length: count }, (_none, index) => {
        const line = document.createElement("div");
        line.textContent = String(index + 1);
        line.classList.toggle("is-wrong", wrong.has(index + 1));
        return line;
      }));
      drawn = count;
    }
    gutter.scrollTop = area.scrollTop;
  }

  function go(number) {
    const lines = area.value.split("\n");
    const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[number - 1] || "").length);
    area.scrollTop = (number - 4) * parseFloat(getComputedStyle(area).lineHeight);
    draw();
  }

  area.addEventListener("input", draw);
  area.addEventListener("scroll", draw);
  document.addEventListener("click", (event) => {
    const problem = event.target.closest("[data-line]");
    if (problem) go(Number(problem.dataset.line));
  });
  document.querySelector("input[type=file]")?.addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file || file.size > 2e6) return;
    area.value = await file.text();
    draw();
  });
  draw();
})();
