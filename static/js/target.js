/* The target editor shows what the total is made of while it is typed. */
(() => {
  const colors = ["primary", "orange", "blue", "pink", "lime", "purple", "cyan", "yellow"];
  const form = document.getElementById("target-form");
  const chart = document.querySelector("[data-target-chart]");
  if (!form || !chart) return;
  const number = (input) => Math.max(0, parseFloat((input && input.value) || "0") || 0);

  function minimums() {
    return [...form.querySelectorAll("[data-need]")]
      .filter((line) => !line.querySelector("input[type=checkbox]:checked"))
      .map((line) => {
        const select = line.querySelector("select");
        return { name: select.value ? select.selectedOptions[0].text.trim() : "", points: number(line.querySelector("[name$=minimum]")) };
      })
      .filter((need) => need.name && need.points);
  }

  function draw() {
    const total = number(form.elements.total);
    const parts = minimums().map((need, index) => ({ ...need, color: colors[index % colors.length] }));
    const sum = parts.reduce((all, part) => all + part.points, 0);
    chart.hidden = !total;
    if (!total) return;
    if (sum < total) parts.push({ name: chart.dataset.free, points: total - sum, color: "secondary-lt" });
    const over = chart.querySelector("[data-target-over]");
    over.hidden = sum <= total;
    over.textContent = chart.dataset.over;
    const scale = Math.max(sum, total);
    chart.querySelector(".target-bar").replaceChildren(...parts.map((part) => {
      const bar = document.createElement("div");
      bar.className = `progress-bar bg-${part.color}`;
      bar.style.width = `${(part.points / scale) * 100}%`;
      return bar;
    }));
    chart.querySelector(".target-legend").replaceChildren(...parts.map((part) => {
      const item = document.createElement("span");
      const mark = document.createElement("span");
      mark.className = `legend me-1 bg-${part.color}`;
      const points = document.createElement("strong");
      points.className = "tabular";
      points.textContent = String(Math.round(part.points * 100) / 100);
      item.append(mark, `${part.name} `, points);
      return item;
    }));
  }

  form.addEventListener("input", draw);
  form.addEventListener("change", draw);
  document.addEventListener("htmx:afterSwap", draw);
  draw();
})();
