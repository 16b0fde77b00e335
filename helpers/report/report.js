// The explorer of a report: all statements in a table that filters, sorts, searches and pages; each opens in its
// article. The view lives in the address (#find&code=against:nato&page=2). Text is only ever set as text.
(async () => {
  "use strict";
  const packed = document.getElementById("data");
  const list = document.getElementById("list");
  if (!list || typeof DecompressionStream === "undefined") return;
  const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = JSON.parse(await new Response(stream).text());
  const PAGE = 25;
  const [ID, ARTICLE, ACTOR, KIND, SPANS, SOURCE, CUE, AROUND, CODES, GROUPS] = Array(10).keys();
  const groupings = Object.keys(data.groups);
  const codeOf = new Map(data.codes.map(([key], i) => [key, i]));
  const labelOf = new Map(data.codes);
  const nameOf = new Map(data.actors);
  const place = new Map(data.statements.map((one, i) => [one[ID], i]));
  const form = document.getElementById("filters");
  const told = document.getElementById("told");
  const pages = document.getElementById("pages");
  const dialog = document.getElementById("article");

  // Offsets count code points; a text with letters beyond 16 bits is cut letter by letter.
  const letters = data.articles.map(([, , , text]) => (/[\ud800-\udfff]/.test(text) ? [...text] : text));
  const cut = (i, start, end) => {
    const piece = letters[i].slice(start, end);
    return typeof piece === "string" ? piece : piece.join("");
  };
  const speakerOf = (one) => (one[ACTOR] < 0 ? "nobody named" : data.actors[one[ACTOR]][1]);
  const contents = [];
  const searched = (i) => {
    const one = data.statements[i];
    contents[i] ??= [speakerOf(one), data.articles[one[ARTICLE]][0], ...one[SPANS].map(([a, b]) => cut(one[ARTICLE], a, b))]
      .join(" ")
      .toLowerCase();
    return contents[i];
  };

  const make = (name, options = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(options)) {
      if (key in node) node[key] = value;
      else node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  };

  // ---- the address
  const read = () => new URLSearchParams(location.hash.startsWith("#find") ? location.hash.slice(5).replace(/^&/, "") : "");
  const write = (view) => `#find&${view}`;
  const changed = (changes, keep = ["q", "code", "actor", "sort", ...groupings]) => {
    const view = read();
    for (const key of [...view.keys()]) if (!keep.includes(key)) view.delete(key);
    for (const [key, value] of Object.entries(changes)) value ? view.set(key, value) : view.delete(key);
    return write(view);
  };

  // ---- which statements
  const tests = {
    q: (value) => {
      const words = value.toLowerCase().split(/\s+/).filter(Boolean);
      return (one, i) => words.every((word) => searched(i).includes(word));
    },
    code: (value) => {
      const wanted = codeOf.get(value);
      return (one) => one[CODES].some(([code]) => code === wanted);
    },
    actor: (value) => (one) => (one[ACTOR] < 0 ? "" : data.actors[one[ACTOR]][0]) === value,
  };
  groupings.forEach((name, at) => {
    tests[name] = (value) => {
      const wanted = data.groups[name].indexOf(value);
      return (one) => one[GROUPS][at] === wanted;
    };
  });
  const select = (view) => {
    const asked = Object.keys(tests).filter((key) => view.get(key)).map((key) => tests[key](view.get(key)));
    const found = [];
    data.statements.forEach((one, i) => asked.every((test) => test(one, i)) && found.push(i));
    const by = { speaker: (i) => speakerOf(data.statements[i]), date: (i) => data.articles[data.statements[i][ARTICLE]][2] || "~" };
    const sort = view.get("sort") || "";
    const key = by[sort.replace("-", "")];
    if (key) {
      const keys = new Map(found.map((i) => [i, key(i)]));
      const compare = new Intl.Collator("en").compare;
      found.sort((a, b) => (sort.startsWith("-") ? -1 : 1) * compare(keys.get(a), keys.get(b)) || a - b);
    }
    return found;
  };

  // ---- how they look
  const mark = (i, low, high, spans) => {
    const cuts = [...new Set([low, high, ...spans.flatMap(([a, b]) => [a, b]).filter((at) => at > low && at < high)])];
    cuts.sort((a, b) => a - b);
    const kindsOf = (from, to) => [...new Set(spans.filter(([a, b]) => a <= from && to <= b).map(([, , kind]) => kind))];
    const runs = []; // neighbours that look alike are one
    cuts.slice(1).forEach((end, n) => {
      const kinds = kindsOf(cuts[n], end).sort().join(" ");
      if (runs.length && runs.at(-1).kinds === kinds) runs.at(-1).end = end;
      else runs.push({ kinds, start: cuts[n], end });
    });
    return runs.map(({ kinds, start, end }) => (kinds ? make("span", { className: kinds }, cut(i, start, end)) : cut(i, start, end)));
  };
  const spansOf = (one) => [
    ...one[SPANS].map(([a, b]) => [a, b, "content"]),
    ...[[one[SOURCE], "source"], [one[CUE], "cue"]].filter(([span]) => span.length).map(([span, kind]) => [...span, kind]),
    ...one[CODES].flatMap(([, span, words]) => (span.length ? [span, ...words] : words)).map(([a, b]) => [a, b, "word"]),
  ];
  const codesOf = (one) =>
    make(
      "ul",
      {},
      ...one[CODES].map(([code, span, words]) => {
        const [key, label] = data.codes[code];
        const quoted = (span.length ? [span, ...words] : words).map(([a, b]) => `“${cut(one[ARTICLE], a, b)}”`);
        const link = make("a", { href: changed({ code: key }) }, label);
        return make("li", {}, link, quoted.length ? ` (${[...new Set(quoted)].join(", ")})` : "");
      }),
    );
  const row = (i) => {
    const one = data.statements[i];
    const [title, source, date] = data.articles[one[ARTICLE]];
    const speaker = one[ACTOR] < 0 ? "nobody named" : make("a", { href: changed({ actor: data.actors[one[ACTOR]][0] }) }, speakerOf(one));
    const about = make("small", {}, [one[KIND], source, date, data.articles.length > 1 ? title : ""].filter(Boolean).join(", "));
    const open = make("button", { type: "button", className: "open" }, "Open in the article");
    open.addEventListener("click", () => (location.hash = changed({ statement: one[ID] }, ["q", "code", "actor", "sort", "page", ...groupings])));
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, speaker, about),
      make("td", { className: "words" }, ...mark(one[ARTICLE], ...one[AROUND], spansOf(one)), make("br"), open),
      make("td", { className: "codes" }, ...(one[CODES].length ? [codesOf(one)] : [])),
    );
  };

  const show = () => {
    const view = read();
    const found = select(view);
    const last = Math.max(1, Math.ceil(found.length / PAGE));
    const page = Math.min(Math.max(1, Number(view.get("page")) || 1), last);
    list.tBodies[0].replaceChildren(...found.slice((page - 1) * PAGE, page * PAGE).map(row));
    const filters = Object.keys(tests).filter((key) => view.get(key));
    const words = filters.map((key) => {
      const value = view.get(key);
      return { q: `words “${value}”`, code: labelOf.get(value) || value, actor: `speaker ${nameOf.get(value) || value}` }[key] || `${key} ${value}`;
    });
    const held = data.statements.length;
    const rest = held < data.all ? ` This page holds ${held.toLocaleString("en")} of ${data.all.toLocaleString("en")} (whole articles at even distances); all are in statements.csv.` : "";
    told.replaceChildren(
      `${found.length.toLocaleString("en")} of ${held.toLocaleString("en")} statements${words.length ? ` with ${words.join("; ")}` : ""}.${rest} `,
      ...(words.length ? [make("a", { href: "#find" }, "Show all")] : []),
    );
    const step = (to, label) => {
      const button = make("button", { type: "button", disabled: to < 1 || to > last }, label);
      button.addEventListener("click", () => {
        location.hash = changed({ page: String(to) });
        document.getElementById("statements").scrollIntoView();
      });
      return button;
    };
    pages.replaceChildren(step(page - 1, "Previous"), ` page ${page} of ${last} `, step(page + 1, "Next"));
    const sort = view.get("sort") || "";
    for (const head of list.querySelectorAll("th[data-sort]")) {
      const mine = head.dataset.sort === sort.replace("-", "");
      head.setAttribute("aria-sort", mine ? (sort.startsWith("-") ? "descending" : "ascending") : "none");
    }
    for (const field of form.elements) if (field.name && document.activeElement !== field) field.value = view.get(field.name) || "";
    if (view.get("statement")) openArticle(view.get("statement"));
    else if (dialog.open) dialog.close();
  };

  const openArticle = (id) => {
    const at = place.get(id);
    if (at === undefined) return;
    const chosen = data.statements[at];
    const number = chosen[ARTICLE];
    const [title, source, date] = data.articles[number];
    const others = data.statements.filter((one) => one[ARTICLE] === number);
    const spans = [...spansOf(chosen).map(([a, b, kind]) => [a, b, kind === "content" ? "now" : kind])];
    for (const one of others) if (one !== chosen) spans.push(...one[SPANS].map(([a, b]) => [a, b, "other"]));
    const paragraphs = [];
    let from = 0;
    for (const part of cut(number, 0, undefined).split(/\n\s*\n/)) {
      const all = letters[number];
      const size = typeof all === "string" ? part.length : [...part].length;
      while (from < all.length && /\s/.test(all[from]) && !/^\s/.test(part)) from += 1;
      paragraphs.push(make("p", {}, ...mark(number, from, from + size, spans)));
      from += size;
    }
    const close = make("button", { type: "button" }, "Close");
    close.addEventListener("click", () => dialog.close());
    const entry = (one) => {
      const words = one[SPANS].map(([a, b]) => cut(number, a, b)).join(" … ");
      const link = make("a", { href: changed({ statement: one[ID] }, ["q", "code", "actor", "sort", "page", ...groupings]) }, speakerOf(one));
      if (one === chosen) link.setAttribute("aria-current", "true");
      return make("li", {}, link, `: ${words.slice(0, 160)}${words.length > 160 ? " …" : ""}`);
    };
    dialog.replaceChildren(
      make("h3", { id: "article-title" }, title),
      make("p", { className: "note" }, [source, date].filter(Boolean).join(", "), " ", close),
      make("p", {}, make("b", {}, speakerOf(chosen)), ` (${chosen[KIND]})`),
      ...(chosen[CODES].length ? [codesOf(chosen)] : [make("p", { className: "note" }, "No code.")]),
      make("div", { className: "text", tabIndex: 0, role: "region", "aria-label": "Text of the article" }, ...paragraphs),
      make("h3", {}, "Statements in this article"),
      make("ol", {}, ...others.map(entry)),
    );
    if (!dialog.open) dialog.showModal();
    (dialog.querySelector(".now") || dialog).scrollIntoView({ block: "center" });
  };
  dialog.addEventListener("close", () => {
    if (read().get("statement")) location.hash = changed({}, ["q", "code", "actor", "sort", "page", ...groupings]);
  });

  // ---- the form
  const field = (name, label, control) => {
    control.name = name;
    form.append(make("label", {}, label, make("br"), control));
  };
  const choice = (...entries) => make("select", {}, make("option", { value: "" }, "all"), ...entries);
  const option = ([value, label]) => make("option", { value }, label);
  field("q", "Search words, speakers, titles", make("input", { type: "search" }));
  field("code", "Code", choice(...data.codes.map(option)));
  for (const name of groupings) field(name, name === "source" ? "Outlet" : name[0].toUpperCase() + name.slice(1), choice(...data.groups[name].map((one) => option([one, one]))));
  field("sort", "Order", make("select", {}, ...[["", "as in the articles"], ["speaker", "speaker, A to Z"], ["-speaker", "speaker, Z to A"], ["date", "date, oldest first"], ["-date", "date, newest first"]].map(option)));
  let waiting;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    const { name, value, type } = event.target;
    waiting = setTimeout(() => (location.hash = changed({ [name]: value })), type === "search" ? 150 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const head of list.querySelectorAll("th[data-sort]")) {
    if (head.dataset.sort === "place") continue;
    const button = make("button", { type: "button" }, head.textContent);
    button.addEventListener("click", () => (location.hash = changed({ sort: read().get("sort") === "speaker" ? "-speaker" : "speaker" })));
    head.replaceChildren(button);
  }
  for (const link of document.querySelectorAll("a[data-find]")) {
    link.href = `#find&${link.dataset.find}`;
    link.addEventListener("click", () => document.getElementById("statements").scrollIntoView());
  }
  form.hidden = pages.hidden = false;
  window.addEventListener("hashchange", show);
  show();
  if (location.hash.startsWith("#find")) document.getElementById("statements").scrollIntoView();
  document.documentElement.dataset.ready = "yes";
})();
