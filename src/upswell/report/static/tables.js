// Tables whose heads sort their rows.

function sortKey(cell, kind) {
  if (kind === "text") return cell.textContent.trim().toLowerCase();
  const figure = cell.querySelector("data");
  return figure ? Number(figure.value) : -Infinity;
}

// A second click on the same head turns the order round; figures begin with the largest.
function sortRows(table, button) {
  const head = button.closest("th");
  const kind = button.dataset.sort;
  const before = head.getAttribute("aria-sort");
  const down = before ? before === "ascending" : kind === "number";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const rows = Array.from(table.tBodies[0].rows).map((row) => [sortKey(row.cells[head.cellIndex], kind), row]);
  rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1));
  table.tBodies[0].append(...rows.map(([, row]) => row));
}
