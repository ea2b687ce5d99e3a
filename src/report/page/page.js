"use strict";
// Sorting, searching, filtering and printing: without it the page has the same content.
(() => {
  const text = (cell) => (cell ? cell.textContent.trim() : "");
  // Numbers as the page prints them; what is none sorts behind them, as text.
  const number = (shown) => {
    const plain = shown.replace(/[$,%]/g, "").replace("\u2212", "-");
    return plain === "" || plain === "\u2013" ? NaN : Number(plain);
  };
  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
    return a < b ? -1 : a > b ? 1 : 0;
  };

  const sorted = new Map();
  document.querySelectorAll("table.sortable").forEach((table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [text(row.cells[column]), row]);
        rows.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
        body.append(...rows.map((row) => row[1]));
        (sorted.get(table) || (() => {}))();
      });
    });
  });

  // A link to a rule opens it.
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", open);
  open();

  // Paper has no clicks.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened.push(...document.querySelectorAll("details:not([open])"));
    opened.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => {
    opened.forEach((one) => { one.open = false; });
    opened = [];
  });

  const table = document.getElementById("flagged");
  if (!table) return;
  const form = document.getElementById("filters");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const pages = document.getElementById("pages");
  const [before, after] = [document.getElementById("before"), document.getElementById("after")];
  const columns = { rule: 0, disposition: 1, procedure: 5, program: 7, provider: 8 };
  const filters = Object.entries(columns).map(([name, column]) => {
    const select = document.getElementById("f-" + name);
    const counts = new Map();
    for (const row of table.tBodies[0].rows) {
      const value = text(row.cells[column]);
      counts.set(value, (counts.get(value) || 0) + 1);
    }
    for (const value of [...counts.keys()].sort()) {
      const option = new Option((value || "(not given)") + " (" + counts.get(value) + ")", value);
      select.add(option);
    }
    return { select, column };
  });
  const searched = new Map([...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]));
  const size = 50;
  let first = 0;
  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = filters.filter(({ select }) => select.selectedIndex > 0);
    const found = [...table.tBodies[0].rows].filter((row) => {
      row.hidden = true;
      return (
        wanted.every(({ select, column }) => text(row.cells[column]) === select.value) &&
        words.every((word) => searched.get(row).includes(word))
      );
    });
    if (first >= found.length) first = 0;
    const page = found.slice(first, first + size);
    page.forEach((row) => { row.hidden = false; });
    const all = searched.size.toLocaleString("en-US");
    shown.textContent = page.length
      ? "Showing " + (first + 1) + " to " + (first + page.length) + " of " + found.length.toLocaleString("en-US") +
        (found.length < searched.size ? " found among " + all : "") + " lines."
      : "No line of " + all + " fits.";
    before.disabled = first === 0;
    after.disabled = first + size >= found.length;
  };
  const again = () => { first = 0; show(); };
  search.addEventListener("input", again);
  filters.forEach(({ select }) => select.addEventListener("change", again));
  form.addEventListener("reset", () => setTimeout(again));
  form.addEventListener("submit", (event) => event.preventDefault());
  before.addEventListener("click", () => { first = Math.max(0, first - size); show(); });
  after.addEventListener("click", () => { first += size; show(); });
  sorted.set(table, again);
  form.hidden = false;
  pages.hidden = false;
  show();
})();
