// Charts: Vega-Lite definitions from the page's data, drawn as SVG that follows the page's colours.

function drawChart(element, definition) {
  return vegaEmbed(element, definition, {
    actions: false,
    ast: true, // expressions are interpreted, so that the page's policy need not allow eval
    formatLocale: numberLocale(),
    renderer: "svg",
    tooltip: { theme: "custom" },
  });
}

async function drawCharts(charts) {
  const drawn = {};
  for (const element of document.querySelectorAll("[data-chart]")) {
    drawn[element.dataset.chart] = await drawChart(element, charts[element.dataset.chart]);
  }
  return drawn;
}
