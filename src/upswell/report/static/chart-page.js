// What happens when a page opens that holds charts and figures only.

async function openChartPage() {
  const data = JSON.parse(document.getElementById("data").textContent);
  writeFigures(document);
  await drawCharts(data.charts);
  document.documentElement.dataset.ready = "yes";
}

openChartPage();
