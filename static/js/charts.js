/* Charts: every [data-chart] draws the ECharts option in the JSON element of that id.
   An option may carry "suite": {"links": [...]} — the address a click on the n-th item of the first series opens. */
(() => {
  const palette = ["#0f766e", "#f59f00", "#4263eb", "#d6336c", "#74b816", "#7048e8", "#1098ad", "#868e96"];
  const charts = new Set();

  function draw(element) {
    if (!window.echarts || element.dataset.drawn) return;
    const source = document.getElementById(element.dataset.chart);
    if (!source) return;
    element.dataset.drawn = "1";
    const option = JSON.parse(source.textContent);
    const links = (option.suite || {}).links;
    delete option.suite;
    const style = getComputedStyle(document.body);
    // ECharts measures axis labels in its own font unless the axis names one: long labels would be cut off
    for (const axis of [option.xAxis, option.yAxis].flat()) {
      if (axis) axis.axisLabel = { fontFamily: style.fontFamily, ...axis.axisLabel };
    }
    // long names beside bars go over two lines rather than push the bars out of a narrow screen
    for (const axis of [option.yAxis].flat()) {
      if (axis && axis.type === "category") {
        axis.axisLabel = { width: Math.min(200, Math.round(element.clientWidth * 0.36)), overflow: "break", ...axis.axisLabel };
      }
    }
    const chart = window.echarts.init(element, null, { renderer: "svg" });
    chart.setOption({
      color: palette,
      textStyle: { fontFamily: style.fontFamily },
      animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
      aria: { enabled: false },
      ...option,
    });
    if (links) chart.on("click", (event) => { if (links[event.dataIndex]) window.location = links[event.dataIndex]; });
    charts.add([element, chart]);
  }

  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:afterSwap", () => {
    for (const pair of charts) if (!pair[0].isConnected) { pair[1].dispose(); charts.delete(pair); }
    drawAll(document);
  });
  // a chart in a hidden tab has no width until it is shown
  document.addEventListener("shown.bs.tab", () => charts.forEach(([, chart]) => chart.resize()));
  window.addEventListener("resize", () => charts.forEach(([, chart]) => chart.resize()));
})();
