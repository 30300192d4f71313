// Figures with the separators of the reader.

const LANGUAGE = navigator.language || "en";
const DIVISORS = { million: 1e6, billion: 1e9, trillion: 1e12 };

function formatted(value, options) {
  return new Intl.NumberFormat(LANGUAGE, options).format(value);
}

function whole(value) {
  return Math.abs(value) >= 1000
    ? formatted(value, { maximumFractionDigits: 0 })
    : formatted(value, { maximumSignificantDigits: 4 });
}

function spoken(value) {
  for (const word of ["trillion", "billion", "million"]) {
    if (Math.abs(value) >= DIVISORS[word]) {
      return formatted(value / DIVISORS[word], { maximumSignificantDigits: 4 }) + " " + word;
    }
  }
  return whole(value);
}

// What is neither nothing nor all is never rounded to either; a share of so many paths cannot tell
// never from seldom.
function percent(value, element) {
  const share = (part) => formatted(part, { style: "percent", maximumSignificantDigits: 4 });
  const paths = Number(element.dataset.paths);
  if (paths && value === 0) return "less than " + share(1 / paths);
  if (paths && value === 1) return "more than " + share(1 - 1 / paths);
  if (value > 0 && value < 0.001) return "less than " + share(0.001);
  if (value > 0.999 && value < 1) return "more than " + share(0.999);
  return formatted(value, { style: "percent", maximumSignificantDigits: 3 });
}

function ratio(value) {
  return formatted(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function price(value) {
  return formatted(value, { maximumSignificantDigits: 4 });
}

function fixed(value, element) {
  const digits = Number(element.dataset.digits);
  return formatted(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const STYLES = { whole, spoken, percent, ratio, price, fixed };

function writeFigure(element, value) {
  element.value = String(value);
  element.textContent = STYLES[element.dataset.style](value, element);
}

function writeFigures(root) {
  for (const element of root.querySelectorAll("data[data-style]")) {
    writeFigure(element, Number(element.value));
  }
}

// The same separators for the axes, in the form that Vega's formatter takes.
function numberLocale() {
  const parts = new Intl.NumberFormat(LANGUAGE).formatToParts(1234567.8);
  const sign = (type, fallback) => (parts.find((part) => part.type === type) || { value: fallback }).value;
  return { decimal: sign("decimal", "."), thousands: sign("group", ","), grouping: [3], currency: ["", ""] };
}
