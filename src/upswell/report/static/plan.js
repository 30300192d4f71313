// The plan, computed again as prices, headroom and limit change. Each function is pure up to
// `preparePlan`; the formulas are those of the package's `capacity` room, applied to quantiles of
// the paths instead of the paths themselves.

// Whole units that an hour of so many views asks for; a billionth above a whole number is rounding.
function unitsOf(views, unit) {
  return Math.ceil(((views * (1 + unit.headroom)) / unit.views_per_hour) * (1 - 1e-9));
}

function termsOf(settings) {
  const { prices, commitment } = settings;
  const limit = settings.limit || {};
  const byStart = new Map([[1, prices.reserved]]);
  for (const tier of prices.tiers) byStart.set(tier.from, tier.reserved);
  const orNone = (units) => (units === null || units === undefined ? Infinity : units);
  return {
    existing: commitment.existing,
    existingPrice: commitment.existing_price || prices.reserved,
    tiers: Array.from(byStart, ([from, price]) => ({ from, price })),
    allUnits: prices.tiers_apply_to === "all-units",
    onDemand: prices.on_demand,
    shortage: prices.shortage || 0,
    limit: orNone(limit.units),
    quota: orNone(limit.on_demand),
  };
}

// What an hour of the new units of a commitment costs.
function reservedBill(commitment, terms) {
  const { existing, tiers } = terms;
  if (terms.allUnits) {
    const reached = tiers.filter((tier) => tier.from <= commitment);
    const tier = reached.length ? reached[reached.length - 1] : tiers[0];
    return (commitment - existing) * tier.price;
  }
  let bill = 0;
  tiers.forEach((tier, k) => {
    const end = k + 1 < tiers.length ? tiers[k + 1].from - 1 : Infinity;
    const before = Math.max(tier.from - 1, existing);
    bill += tier.price * Math.max(Math.min(commitment, end) - before, 0);
  });
  return bill;
}

// Expected cost of the horizon: `units` are equally likely hours, `hours` how many it has.
function expectedCost(commitment, units, terms, hours) {
  const capacity = Math.min(terms.limit, commitment + terms.quota);
  let extra = 0;
  for (const needed of units) {
    const short = Math.max(needed - capacity, 0);
    extra += terms.onDemand * (Math.max(needed - commitment, 0) - short) + terms.shortage * short;
  }
  const fixed = terms.existing * terms.existingPrice + reservedBill(commitment, terms);
  return hours * (fixed + extra / units.length);
}

// The smallest of the commitments that cost least. The cost is straight between these candidates,
// so that one of them is best.
function leastCost(units, terms, hours) {
  const candidates = [terms.existing];
  for (const needed of units) candidates.push(needed, needed - terms.quota);
  for (const tier of terms.tiers) candidates.push(tier.from - 1, tier.from);
  const within = (units) => Math.min(Math.max(units, terms.existing), terms.limit);
  const finite = candidates.filter(Number.isFinite).map(within);
  let best = null;
  for (const commitment of new Set(finite.sort((a, b) => a - b))) {
    const cost = expectedCost(commitment, units, terms, hours);
    if (best === null || cost < best.cost * (1 - 1e-12)) best = { commitment, cost };
  }
  return best;
}

// Share of the paths whose busiest hour asks for more than can run at once; null without a limit.
function chanceToRunShort(commitment, peaks, terms) {
  const capacity = Math.min(terms.limit, commitment + terms.quota);
  if (!Number.isFinite(capacity)) return null;
  return peaks.filter((needed) => needed > capacity).length / peaks.length;
}

// The settings with the sliders' values in place of their own; tiers move with the price.
function changedSettings(settings, values) {
  const changed = structuredClone(settings);
  const factor = values.reserved / settings.prices.reserved;
  changed.prices.reserved = values.reserved;
  for (const tier of changed.prices.tiers) tier.reserved *= factor;
  changed.prices.on_demand = values.on_demand;
  changed.unit.headroom = values.headroom;
  if (values.limit !== undefined) changed.limit.units = values.limit;
  return changed;
}

function planFor(data, settings) {
  const terms = termsOf(settings);
  const units = data.hourly.map((views) => unitsOf(views, settings.unit));
  const peaks = data.peaks.map((views) => unitsOf(views, settings.unit));
  const best = leastCost(units, terms, data.hours);
  return { ...best, chance: chanceToRunShort(best.commitment, peaks, terms), units, peaks, terms };
}

function rulesFor(data, found) {
  const { terms, units, peaks } = found;
  const within = (wanted) => Math.min(Math.max(wanted, terms.existing), terms.limit);
  const mean = units.reduce((sum, needed) => sum + needed, 0) / units.length;
  const commitments = {
    "least-cost": found.commitment,
    "same-as-last-month": within(data.last_month),
    mean: within(Math.ceil(mean)),
    peak: within(peaks[Math.floor((peaks.length - 1) / 2)]),
  };
  return Object.entries(commitments).map(([rule, commitment]) => ({
    rule,
    units: commitment,
    cost: expectedCost(commitment, units, terms, data.hours),
  }));
}

// The cost curve from below the smallest rule to above the largest, without a range: that needs
// the paths themselves.
function curveFor(data, found, rules) {
  const marked = rules.map((rule) => rule.units);
  const low = Math.max(Math.floor(0.6 * Math.min(...marked)), found.terms.existing);
  const high = Math.max(Math.min(Math.ceil(1.2 * Math.max(...marked)) + 1, found.terms.limit), low);
  const step = Math.max(1, (high - low) / 80);
  const points = new Set(marked);
  for (let commitment = low; commitment <= high; commitment += step) points.add(Math.round(commitment));
  return Array.from(points)
    .sort((a, b) => a - b)
    .map((commitment) => {
      const cost = expectedCost(commitment, found.units, found.terms, data.hours);
      return { units: commitment, cost, low: cost, high: cost };
    });
}

function preparePlan(data, chart) {
  const form = document.getElementById("sliders");
  const inputs = Array.from(form.querySelectorAll("input[type=range]"));
  const start = Object.fromEntries(inputs.map((input) => [input.name, Number(input.dataset.start)]));
  const note = document.getElementById("sliders-note");
  const figure = (name) => document.querySelector("#sliders-answer [data-figure='" + name + "']");
  const drawn = chart && { curve: chart.view.data("curve").slice(), rules: chart.view.data("rules").slice() };

  function show({ commitment, cost, chance }, exact) {
    writeFigure(figure("commitment"), commitment);
    writeFigure(figure("cost"), cost);
    if (figure("chance")) writeFigure(figure("chance"), chance);
    note.textContent = exact ? note.dataset.exact : note.dataset.moved;
  }

  function draw(curve, rules) {
    if (chart) chart.view.data("curve", curve).data("rules", rules).runAsync();
  }

  function update() {
    const values = {};
    for (const input of inputs) {
      const untouched = input.value === input.defaultValue;
      values[input.name] = untouched ? start[input.name] : Number(input.value);
      writeFigure(input.parentElement.querySelector("data"), values[input.name]);
    }
    if (inputs.every((input) => values[input.name] === start[input.name])) {
      show(data.exact, true);
      draw(drawn && drawn.curve, drawn && drawn.rules);
      return;
    }
    const found = planFor(data, changedSettings(data.settings, values));
    const rules = rulesFor(data, found);
    show(found, false);
    draw(curveFor(data, found, rules), rules);
  }

  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
}
