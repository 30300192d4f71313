// The week's list: its order, its filters; and the details of a release.

const list = document.getElementById("week-list");

// So many rows are shown until all are asked for: a long list would bury what stands below it.
const FIRST_ROWS = 100;
let showAll = false;

// One order for the menu and for the heads of the columns.
function orderList(name, down) {
  const head = list.querySelector("th[data-name='" + name + "']");
  if (down !== undefined) head.setAttribute("aria-sort", down ? "ascending" : "descending");
  sortRows(list, head.querySelector("button"));
  document.getElementById("order").value = name;
  filterList();
}

function filterList() {
  const value = (id) => (document.getElementById(id) || { value: "" }).value;
  const words = value("search").toLowerCase().split(/\s+/).filter(Boolean);
  const rows = Array.from(list.tBodies[0].rows);
  let fitting = 0;
  for (const row of rows) {
    const names = row.querySelector(".names").textContent.toLowerCase();
    const fits =
      (value("decision") === "" || row.dataset.decision === value("decision")) &&
      (value("tier") === "" || row.dataset.tier === value("tier")) &&
      words.every((word) => names.includes(word));
    fitting += fits ? 1 : 0;
    row.hidden = !fits || (!showAll && fitting > FIRST_ROWS);
  }
  sayFound(fitting, rows.length);
}

function sayFound(fitting, all) {
  const said = fitting < all ? whole(fitting) + " of " + whole(all) : "";
  const cut = !showAll && fitting > FIRST_ROWS;
  const first = "the first " + whole(FIRST_ROWS) + " of " + (said || whole(all)) + " are shown";
  document.getElementById("found").textContent = cut ? first : said;
  const more = document.getElementById("more");
  more.hidden = !cut;
  more.textContent = "Show all " + whole(fitting);
}

function prepareList() {
  const form = document.getElementById("controls");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filterList);
  form.addEventListener("reset", () => setTimeout(filterList));
  document.getElementById("more").addEventListener("click", () => {
    showAll = true;
    filterList();
  });
  filterList();
  const menu = document.getElementById("order");
  menu.addEventListener("change", () => {
    orderList(menu.value, menu.selectedOptions[0].dataset.sort === "number");
  });
  list.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) orderList(button.closest("th").dataset.name);
  });
}

// On paper the letters of a chart have their size only if it is drawn as wide as it is printed.
const PAPER_FAN = { width: 400, height: 125 };
const PAPER_LETTERS = { labelFontSize: 10, titleFontSize: 10, titlePadding: 3 };
const PAPER_CHART = { width: 680 };
const PAPER_SMALL = { width: 215, height: 170 };

function drawFan(element, fans, paper) {
  const size = paper ? "paper" : "screen";
  if (element.dataset.drawn === size) return null;
  element.dataset.drawn = size;
  const number = element.dataset.fan;
  const definition = structuredClone(fans.charts[fans.kinds[number]]);
  definition.description = fans.texts[number];
  element.setAttribute("aria-label", fans.texts[number]);
  for (const layer of definition.layer) {
    if (layer.data && layer.data.name === "rows") layer.data.values = fans.rows[number];
  }
  if (definition.data && definition.data.name === "rows") definition.data.values = fans.rows[number];
  if (paper) {
    Object.assign(definition, PAPER_FAN);
    Object.assign(definition.config.axis, PAPER_LETTERS);
    definition.config.text.fontSize = PAPER_LETTERS.labelFontSize;
  }
  return drawChart(element, definition);
}

// Fans are drawn when their release is opened: an element that is not shown has no width.
function prepareDetails(fans) {
  for (const release of document.querySelectorAll("details.release")) {
    release.addEventListener("toggle", () => {
      const element = release.querySelector("[data-fan]");
      if (release.open && element && !printing) drawFan(element, fans, false);
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

function drawForPaper(charts) {
  for (const element of document.querySelectorAll("[data-chart]")) {
    const size = element.closest(".small") ? PAPER_SMALL : PAPER_CHART;
    drawChart(element, { ...charts[element.dataset.chart], ...size });
  }
}

let printing = false;

// On paper every release is open, with its fan.
function openForPaper(data) {
  if (printing) return;
  printing = true;
  for (const element of document.querySelectorAll("details")) {
    if (!element.open) element.dataset.paper = "yes";
    element.open = true;
  }
  for (const element of document.querySelectorAll("[data-fan]")) drawFan(element, data.fans, true);
  drawForPaper(data.charts);
}

function closeAfterPaper(data) {
  printing = false;
  for (const element of document.querySelectorAll("details[data-paper]")) {
    element.open = false;
    delete element.dataset.paper;
  }
  for (const element of document.querySelectorAll("details[open] [data-fan]")) {
    drawFan(element, data.fans, false);
  }
  drawCharts(data.charts);
}

async function openWeek() {
  const data = JSON.parse(document.getElementById("data").textContent);
  writeFigures(document);
  prepareList();
  if (data.fans) prepareDetails(data.fans);
  addEventListener("beforeprint", () => openForPaper(data));
  addEventListener("afterprint", () => closeAfterPaper(data));
  addEventListener("hashchange", openTarget);
  await drawCharts(data.charts);
  openTarget();
  document.documentElement.dataset.ready = "yes";
}

openWeek();
