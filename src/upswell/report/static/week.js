// The week's list: its order, its filters; and the details of a release.

const list = document.getElementById("week-list");

// One order for the menu and for the heads of the columns.
function orderList(name, down) {
  const head = list.querySelector("th[data-name='" + name + "']");
  if (down !== undefined) head.setAttribute("aria-sort", down ? "ascending" : "descending");
  sortRows(list, head.querySelector("button"));
  document.getElementById("order").value = name;
}

function filterList() {
  const value = (id) => (document.getElementById(id) || { value: "" }).value;
  const words = value("search").toLowerCase().split(/\s+/).filter(Boolean);
  const rows = Array.from(list.tBodies[0].rows);
  let shown = 0;
  for (const row of rows) {
    const names = row.querySelector(".names").textContent.toLowerCase();
    row.hidden =
      (value("decision") !== "" && row.dataset.decision !== value("decision")) ||
      (value("tier") !== "" && row.dataset.tier !== value("tier")) ||
      !words.every((word) => names.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  document.getElementById("found").textContent =
    shown < rows.length ? whole(shown) + " of " + whole(rows.length) : "";
}

function prepareList() {
  const form = document.getElementById("controls");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filterList);
  form.addEventListener("reset", () => setTimeout(filterList));
  const menu = document.getElementById("order");
  menu.addEventListener("change", () => {
    orderList(menu.value, menu.selectedOptions[0].dataset.sort === "number");
  });
  list.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) orderList(button.closest("th").dataset.name);
  });
}

function drawFan(element, fans) {
  if (element.dataset.drawn) return null;
  element.dataset.drawn = "yes";
  const number = element.dataset.fan;
  const definition = structuredClone(fans.charts[fans.kinds[number]]);
  definition.description = fans.texts[number];
  element.setAttribute("aria-label", fans.texts[number]);
  for (const layer of definition.layer) {
    if (layer.data && layer.data.name === "rows") layer.data.values = fans.rows[number];
  }
  if (definition.data && definition.data.name === "rows") definition.data.values = fans.rows[number];
  return drawChart(element, definition);
}

// Fans are drawn when their release is opened: an element that is not shown has no width.
function prepareDetails(fans) {
  for (const release of document.querySelectorAll("details.release")) {
    release.addEventListener("toggle", () => {
      const element = release.querySelector("[data-fan]");
      if (release.open && element) drawFan(element, fans);
    });
  }
}

// A link to a release opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.matches("details.release")) return;
  target.open = true;
  target.scrollIntoView();
}

// On paper every release is open, with its fan.
function openForPaper(fans) {
  for (const element of document.querySelectorAll("details")) {
    if (!element.open) element.dataset.paper = "yes";
    element.open = true;
  }
  for (const element of document.querySelectorAll("[data-fan]")) drawFan(element, fans);
}

function closeAfterPaper() {
  for (const element of document.querySelectorAll("details[data-paper]")) {
    element.open = false;
    delete element.dataset.paper;
  }
}

async function openWeek() {
  const data = JSON.parse(document.getElementById("data").textContent);
  writeFigures(document);
  prepareList();
  if (data.fans) {
    prepareDetails(data.fans);
    addEventListener("beforeprint", () => openForPaper(data.fans));
    addEventListener("afterprint", closeAfterPaper);
  }
  addEventListener("hashchange", openTarget);
  await drawCharts(data.charts);
  openTarget();
  document.documentElement.dataset.ready = "yes";
}

openWeek();
