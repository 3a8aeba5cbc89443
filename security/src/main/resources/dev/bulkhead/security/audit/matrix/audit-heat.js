"use strict";
/**
 * Draws the heat map capability × app into an element: tiles, filter, table, and a drawer with what lies behind a cell.
 * Text of the log is inserted as text, never as markup.
 *
 * @param root an empty element
 * @param drill for a fleet: (vehicle, row, box) → shows what one vehicle's log says, entries included
 * @param entries for one log: its entries by their number, as far as they are at hand
 * @returns show(matrix), to be called whenever there is something new
 */
function auditHeat(root, drill, entries = {}) {
  const el = (name, text, set) => { const e = document.createElement(name);
    if (text !== undefined) e.textContent = text; if (set) Object.assign(e, set); return e; };
  const count = tally => tally ? tally.count : 0;
  const short = n => n >= 1e9 ? (n / 1e9).toFixed(1) + " G" : n >= 1e6 ? (n / 1e6).toFixed(1) + " M"
    : n >= 1e4 ? (n / 1e3).toFixed(1) + " k" : String(n);
  const when = ms => ms ? new Date(ms).toISOString().replace("T", " ").slice(0, 19) + " UTC" : "never";
  const plural = (n, word) => n + " " + word + (n === 1 ? "" : "s");
  const views = {
    all: ["rows", () => true],
    denied: ["denied", r => count(r.denied) > 0],
    over: ["over-privileged", r => r.overPrivileged],
    near: ["near a limit", r => r.nearLimit !== null],
    undeclared: ["not requested", r => r.declared === "not-requested"]
  };
  const groupings = {
    version: ["app and version", r => r.app + " " + r.version],
    app: ["app", r => r.app],
    vendor: ["vendor", r => r.vendor || "unknown"]
  };
  let matrix = { rows: [], apps: [] }, view = "all", by = "version", sort = { by: "capability", up: true }, most = 1, opener = null;

  root.classList.add("audit");
  const tilesBox = el("div", undefined, { className: "tiles" });
  const filter = el("input", undefined, { type: "search", placeholder: "Filter: app, vendor, capability, rule …" });
  filter.setAttribute("aria-label", "Filter");
  const grouping = el("select");
  grouping.setAttribute("aria-label", "Columns");
  for (const [name, [text]] of Object.entries(groupings)) grouping.append(el("option", "by " + text, { value: name }));
  const legend = el("span", undefined, { className: "legend" });
  for (const [colour, text] of [["rgb(var(--used))", "used"], ["rgb(var(--limited))", "near or at a limit"], ["rgb(var(--denied))", "denied"],
    ["rgb(var(--idle) / .35)", "granted, never used"]]) {
    const key = el("span"), box = el("i"); box.style.background = colour; key.append(box, text); legend.append(key);
  }
  legend.append(el("span", "stronger = more often"));
  const tools = el("div", undefined, { className: "tools" });
  tools.append(filter, grouping, legend);
  const scroll = el("div", undefined, { className: "scroll", tabIndex: 0 }), table = el("table");
  scroll.setAttribute("role", "region"); scroll.setAttribute("aria-label", "Heat map");
  table.append(el("thead"), el("tbody")); scroll.append(table);
  const drawer = el("aside", undefined, { hidden: true });
  drawer.setAttribute("role", "dialog"); drawer.setAttribute("aria-label", "What lies behind a cell");
  root.replaceChildren(tilesBox, tools, scroll, drawer);

  const touched = r => count(r.used) + count(r.denied);
  const sum = (rows, f) => rows.reduce((n, r) => n + f(r), 0);
  const total = cells => sum([...cells.values()].flat(), touched);

  function tiles() {
    tilesBox.replaceChildren(...Object.entries(views).map(([name, [label, test]]) => {
      const b = el("button", undefined, { className: "tile", type: "button" });
      b.append(el("b", String(matrix.rows.filter(test).length)), label);
      b.setAttribute("aria-pressed", String(view === name));
      b.dataset.view = name;
      b.onclick = () => { view = name; draw(); tilesBox.querySelector(`[data-view=${name}]`).focus(); };
      return b;
    }));
  }
  function colour(rows) {
    const strength = .16 + .74 * Math.log1p(sum(rows, touched)) / Math.log1p(most);
    if (sum(rows, r => count(r.denied)) > 0) return `rgb(var(--denied) / ${strength})`;
    if (rows.some(r => r.nearLimit !== null)) return `rgb(var(--limited) / ${strength})`;
    if (sum(rows, r => count(r.used)) > 0) return `rgb(var(--used) / ${strength})`;
    return rows.some(r => r.declared === "granted") ? "rgb(var(--idle) / .28)" : "rgb(var(--denied) / .12)";
  }
  function label(rows) {
    const used = sum(rows, r => count(r.used)), denied = sum(rows, r => count(r.denied)), parts = [];
    if (used) parts.push(short(used));
    if (denied) parts.push("✗ " + short(denied));
    if (!parts.length) parts.push(rows.some(r => r.declared === "granted") ? "never" : rows.some(r => r.declared === "refused") ? "refused" : "–");
    return parts.join("  ");
  }
  function meaning(rows) {
    return `used ${sum(rows, r => count(r.used))} times, denied ${sum(rows, r => count(r.denied))} times, `
      + [...new Set(rows.map(r => r.declared.replace("-", " ")))].join(" and ") + (rows.some(r => r.nearLimit !== null) ? ", near a limit" : "");
  }
  function shown(columnOf) {
    const text = filter.value.toLowerCase(), test = views[view][1];
    const match = row => test(row) && (!text || [row.app, row.version, row.vendor, row.capability, row.rule, row.why,
      ...row.effective, ...row.touches.map(t => t.access)].join("\n").toLowerCase().includes(text));
    const lines = new Map();
    for (const row of matrix.rows.filter(match)) {
      if (!lines.has(row.capability)) lines.set(row.capability, new Map());
      const cells = lines.get(row.capability), column = columnOf(row);
      if (!cells.has(column)) cells.set(column, []);
      cells.get(column).push(row);
    }
    const weight = (cells, column) => cells.has(column) ? 1 + sum(cells.get(column), touched) : 0;
    const order = { capability: (a, b) => a[0].localeCompare(b[0]), total: (a, b) => total(a[1]) - total(b[1]) };
    const list = [...lines].sort(order[sort.by] || ((a, b) => weight(a[1], sort.by) - weight(b[1], sort.by)));
    return sort.up ? list : list.reverse();
  }
  function heading(name, text) {
    const th = el("th", undefined, { scope: "col" }), b = el("button", undefined, { type: "button" });
    const dot = text.lastIndexOf(".", text.includes(" ") ? text.indexOf(" ") : text.length); // the vendor's part of an app id on a line of its own
    if (dot > 0) b.append(el("small", text.slice(0, dot + 1)));
    b.append(text.slice(dot + 1));
    if (name === "capability") th.className = "capability";
    if (name === "total") th.className = "num";
    if (sort.by === name) th.setAttribute("aria-sort", sort.up ? "ascending" : "descending");
    b.dataset.by = name;
    b.onclick = () => {
      sort = { by: name, up: sort.by === name ? !sort.up : name === "capability" };
      draw();
      [...table.tHead.querySelectorAll("button")].find(each => each.dataset.by === name).focus();
    };
    th.append(b);
    return th;
  }
  function draw() {
    tiles();
    const columnOf = groupings[by][1];
    const columns = [...new Set(matrix.rows.map(columnOf).concat(by === "version" ? matrix.apps.map(columnOf) : []))].sort();
    const head = el("tr"), list = shown(columnOf);
    head.append(heading("capability", "capability"), heading("total", "all"), ...columns.map(c => heading(c, c)));
    table.tHead.replaceChildren(head);
    table.tBodies[0].replaceChildren(...list.map(([name, cells]) => {
      const tr = el("tr");
      tr.append(capability(name), el("td", short(total(cells)), { className: "num" }));
      for (const column of columns) tr.append(cell(cells.get(column), column));
      return tr;
    }));
    if (!list.length) {
      const tr = el("tr"), td = el("td", matrix.rows.length ? "Nothing of that kind." : "No app has declared or touched anything yet.", { className: "empty" });
      td.colSpan = columns.length + 2; tr.append(td); table.tBodies[0].append(tr);
    }
  }
  /** Long paths break behind their dots. */
  function breakable(into, path) {
    path.split(/(?<=[./])/).forEach((part, i) => { if (i) into.append(el("wbr")); into.append(part); });
    return into;
  }
  /** What may be touched on one line, its limits below. */
  function capability(name) {
    const th = el("th", undefined, { className: "capability", scope: "row" });
    const [, what, limits] = name.match(/^(.*?)((?: +[a-z-]+(?:<=|>=|=).*)?)$/s);
    breakable(th, what);
    if (limits) th.append(el("small", limits.trim()));
    return th;
  }
  function cell(rows, column) {
    const td = el("td", undefined, { className: "cell" });
    if (!rows) return td;
    const b = el("button", label(rows), { type: "button", title: rows[0].why || rows[0].rule });
    b.setAttribute("aria-label", [column, rows[0].capability, meaning(rows)].join(", "));
    b.style.background = colour(rows);
    b.onclick = () => open(rows, b);
    td.append(b);
    return td;
  }
  function open(rows, from) {
    const close = el("button", "Close", { className: "close", type: "button" });
    close.onclick = () => { drawer.hidden = true; if (opener && opener.isConnected) opener.focus(); };
    opener = from;
    drawer.replaceChildren(close, ...rows.flatMap(facts));
    drawer.hidden = false; drawer.scrollTop = 0;
    close.focus();
  }
  const list = () => { const dl = el("dl"); return [dl, (term, ...texts) => {
    dl.append(el("dt", term)); for (const t of texts) dl.append(el("dd", t)); }]; };
  function facts(row) {
    const [dl, add] = list(), parts = [el("h2", row.capability), dl];
    add("app", `${row.app} ${row.version} by ${row.vendor || "unknown"}`);
    add("declared", row.declared.replace("-", " "));
    if (row.reason) add("the app's reason", row.reason);
    if (row.effective.length) add("what is granted", ...row.effective);
    add("rule", row.rule || "–", ...(row.why ? [row.why] : []));
    if (row.nearLimit) add("near a limit", row.nearLimit);
    if (row.vehicles) add("vehicles", `on ${row.vehicles.count}; granted on ${row.vehicles.granted}, used on ${row.vehicles.used}, denied on ${row.vehicles.denied}`);
    parts.push(touches(row.touches, !row.vehicles));
    if (row.vehicles) parts.push(...vehicles(row));
    parts.push(...app(row));
    return parts;
  }
  /** How something was touched; entries have numbers within one vehicle's log only. */
  function touches(all, numbered) {
    if (!all.length) return el("p", "Never touched, never tried.");
    const table = el("table"), head = el("tr");
    for (const h of ["what", "how", "count", "first – last"].concat(numbered ? ["entries"] : [])) head.append(el("th", h, { scope: "col" }));
    table.append(head);
    for (const t of all) {
      const tr = el("tr"), access = el("td");
      access.append(breakable(el("code"), t.access));
      if (t.rule) access.append(el("br"), el("small", t.rule));
      const range = t.least === null ? "" : `\nvalues ${t.least}..${t.greatest}`, peak = t.peakPerSecond ? `\npeak ${t.peakPerSecond.toFixed(1)}/s` : "";
      const times = el("td", `${when(t.first)} – ${when(t.last)}${range}${peak}`);
      times.style.whiteSpace = "pre-line";
      tr.append(access, el("td", t.kind, { className: "word" }), el("td", short(t.count), { className: "num" }), times);
      if (numbered) tr.append(numbers(t, table));
      table.append(tr);
    }
    return table;
  }
  /** The first and the last entry of a touch; a click shows one that is at hand below the table. */
  function numbers(touch, table) {
    const td = el("td");
    for (const n of new Set([touch.firstEntry, touch.lastEntry])) {
      if (td.hasChildNodes()) td.append(" – ");
      if (!entries[n]) { td.append(String(n)); continue; }
      const b = el("button", String(n), { className: "more", type: "button" });
      b.setAttribute("aria-label", "entry " + n);
      b.onclick = () => {
        if (table.nextSibling && table.nextSibling.tagName === "PRE") table.nextSibling.remove();
        table.after(el("pre", JSON.stringify(entries[n], null, 2)));
      };
      td.append(b);
    }
    return td;
  }
  function vehicles(row) {
    const table = el("table"), head = el("tr"), box = el("div");
    for (const h of ["vehicle", "declared", "used", "denied", "last", ""]) head.append(el("th", h, { scope: "col" }));
    table.append(head);
    for (const v of row.vehicles.shown) {
      const tr = el("tr"), last = el("td"), name = el("td");
      name.append(el("code", v.vehicle));
      tr.append(name, el("td", v.declared.replace("-", " "), { className: "word" }), el("td", short(v.used), { className: "num" }), el("td", short(v.denied), { className: "num" }), el("td", when(v.last)), last);
      if (drill) {
        const b = el("button", "entries", { className: "more", type: "button" });
        b.setAttribute("aria-label", "entries of " + v.vehicle);
        b.onclick = () => drill(v.vehicle, row, box);
        last.append(b);
      }
      table.append(tr);
    }
    const rest = row.vehicles.count - row.vehicles.shown.length;
    return [el("h3", "Vehicles"), table, ...(rest > 0 ? [el("p", `and ${plural(rest, "more vehicle")}`)] : []), box];
  }
  function app(row) {
    const found = matrix.apps.find(a => a.app === row.app && a.version === row.version);
    if (!found) return [];
    const [dl, add] = list();
    add("declared", `under policy epoch ${found.policyEpoch}, ${when(found.declaredAt)}`);
    add("imports", found.imports.join(", ") || "none known");
    if (found.undeclaredImports.length) add("undeclared imports", found.undeclaredImports.join(", "));
    for (const b of found.budgets) add("budget " + b.access, `${b.rule}, ${plural(b.count, "time")}, last ${when(b.last)}`);
    return [el("h3", "The app"), dl];
  }
  document.addEventListener("keydown", e => { if (e.key === "Escape" && !drawer.hidden) drawer.querySelector(".close").click(); });
  filter.oninput = draw;
  grouping.onchange = () => { by = grouping.value; if (sort.by !== "capability") sort = { by: "total", up: false }; draw(); };
  return { touches, show(next) { matrix = next; most = Math.max(1, ...matrix.rows.map(touched)); draw(); } };
}
