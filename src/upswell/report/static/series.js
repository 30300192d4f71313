// Small pictures of single series, and the table that finds them.

function seriesRows(data, index) {
  const { unit, figures } = data.series[index];
  const [past, low, median, high] = figures.map((part) =>
    part.map((figure) => (figure === null ? null : figure * unit))
  );
  const seen = data.past.map((day, k) => ({ ...day, value: past[k] }));
  const ahead = data.ahead.map((day, k) => ({ ...day, low: low[k], median: median[k], high: high[k] }));
  return seen.concat(ahead);
}

function drawSeries(element, data, index) {
  const text = data.texts[index];
  element.setAttribute("aria-label", text);
  const definition = { ...data.chart, description: text, data: { values: seriesRows(data, index) } };
  return drawChart(element, definition);
}

async function drawMultiples(data) {
  for (const element of document.querySelectorAll("[data-series]")) {
    await drawSeries(element, data, Number(element.dataset.series));
  }
}

// A click on a name opens a row below it with the picture; a second click closes it.
function toggleSeries(button, data) {
  const row = button.closest("tr");
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
  if (open) {
    row.nextElementSibling.remove();
    return;
  }
  const below = document.createElement("tr");
  below.className = "drawn";
  const cell = below.insertCell();
  cell.colSpan = row.cells.length;
  const picture = document.createElement("div");
  picture.setAttribute("role", "img");
  cell.append(picture);
  row.after(below);
  drawSeries(picture, data, Number(button.dataset.row));
}

function closeAll(table) {
  for (const below of table.querySelectorAll("tr.drawn")) below.remove();
  for (const button of table.querySelectorAll(".draw")) button.setAttribute("aria-expanded", "false");
}

function search(table, wanted, found) {
  closeAll(table);
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = Array.from(table.tBodies[0].rows);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  found.textContent = words.length ? whole(shown) + " of " + whole(rows.length) : "";
}

function sortTable(table, button) {
  closeAll(table);
  sortRows(table, button);
}

function prepareTable(data) {
  const table = document.getElementById("series-table");
  const field = document.getElementById("search");
  const found = document.getElementById("found");
  field.addEventListener("input", () => search(table, field.value, found));
  table.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.sort) sortTable(table, button);
    else toggleSeries(button, data);
  });
}
