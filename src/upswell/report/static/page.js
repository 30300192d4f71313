// What happens when the page opens.

async function openPage() {
  const data = JSON.parse(document.getElementById("data").textContent);
  writeFigures(document);
  prepareTable(data.series);
  const charts = await drawCharts(data.charts);
  if (data.plan) preparePlan(data.plan, charts.cost);
  await drawMultiples(data.series);
  document.documentElement.dataset.ready = "yes";
}

openPage();
