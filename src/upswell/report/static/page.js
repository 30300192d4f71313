// What happens when the page opens.

function openPage() {
  const data = JSON.parse(document.getElementById("data").textContent);
  writeFigures(document);
  drawCharts(data.charts);
  drawMultiples(data.series);
  prepareTable(data.series);
}

openPage();
