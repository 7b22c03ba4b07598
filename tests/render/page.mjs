// Shows a Markdown document as GitHub would: its own width, MathJax, images, in Chromium, without
// any network. Standard input: {"text": "…", "chromium": "/usr/bin/chromium", "pictures": "DIR" or
// null, "folder": where the document's images are, or null}. Standard output: {"faults": [{line, source, message}], "pictures": ["page-01.png", …]}.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import { parser } from "./markdown.mjs";

const COLUMN = 830;
const MARGIN = 32;
const TALLEST = 1400;
// MathJax fits the height of its x to the text's. That makes this factor of the usual fonts, and
// keeps the widths below independent of the fonts that are installed here.
const MATH_SCALE = 1.18;
const SITE = "http://localhost/";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TYPES = {
  ".js": "text/javascript",
  ".woff": "font/woff",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const MODULES = join(import.meta.dirname, "node_modules");

function escape(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function body(text) {
  const md = parser();
  const formula = (source, display, line) => {
    const [open, close] = display ? ["\\[", "\\]"] : ["\\(", "\\)"];
    const kind = display ? "math display" : "math";
    const data = `class="${kind}" data-line="${line}"`;
    return `<span ${data}>${open}${escape(source)}${close}</span>`;
  };
  md.core.ruler.push("lines", (state) => {
    const maps = [];
    for (const token of state.tokens) {
      if (token.nesting === 1) maps.push(token.map ?? maps.at(-1));
      if (token.nesting === -1) maps.pop();
      const line = (token.map ?? maps.at(-1) ?? [0])[0] + 1;
      token.meta = { line };
      for (const child of token.children ?? []) {
        if (child.type === "math") child.meta.line = line + child.meta.offset;
        if (child.type === "image") child.attrSet("data-line", String(line));
      }
    }
  });
  md.renderer.rules.math = (tokens, index) => {
    const { content, markup, meta } = tokens[index];
    return formula(content, markup === "$$", meta.line);
  };
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { content, info, meta } = tokens[index];
    if (info.trim() === "math") return formula(content, true, meta.line + 1);
    return fence(tokens, index, ...rest);
  };
  return md.render(text);
}

function html(text) {
  const css = readFileSync(join(import.meta.dirname, "page.css"), "utf8");
  return `<!doctype html><meta charset="utf-8"><style>${css}
    body { width: ${COLUMN}px; padding: ${MARGIN}px; }</style>
    <script>window.MathJax = {
      tex: {
        inlineMath: [["\\\\(", "\\\\)"]],
        packages: { "[-]": ["noundefined"] },
      },
      chtml: { matchFontHeight: false, scale: ${MATH_SCALE} },
      options: { enableMenu: false },
      startup: { typeset: false },
    };</script>
    <script src="mathjax/es5/tex-chtml.js"></script>
    <body>${body(text)}</body>`;
}

/** Runs in the page: sets everything and returns what went wrong. */
async function typeset() {
  const faults = [];
  const complain = (element, source, message) =>
    faults.push({ line: Number(element.dataset.line), source, message });

  for (const picture of document.querySelectorAll("img")) {
    await picture.decode().catch(() => complain(picture, picture.src, "no image can be shown"));
    const { naturalWidth, clientWidth } = picture;
    if (naturalWidth > clientWidth) {
      complain(picture, picture.src, `${naturalWidth} px wide, but shown in ${clientWidth}`);
    }
  }

  const formulas = [...document.querySelectorAll(".math")];
  const sources = formulas.map((formula) => formula.textContent.slice(2, -2));
  await MathJax.startup.promise;
  await MathJax.typesetPromise();
  await document.fonts.ready;
  for (const [number, formula] of formulas.entries()) {
    const refused = formula.querySelector("mjx-merror");
    if (refused) {
      complain(formula, sources[number], `MathJax: ${refused.getAttribute("data-mjx-error")}`);
    }
    const { scrollWidth, clientWidth } = formula;
    if (formula.matches(".display") && scrollWidth > clientWidth + 1) {
      const message = `${scrollWidth} px wide, but the column has ${clientWidth}`;
      complain(formula, sources[number], message);
    }
  }
  return faults;
}

/** Runs in the page: the heights at which it can be cut without cutting a line in two. */
function seams() {
  const blocks = document.querySelectorAll("body > *, li, tr");
  return [...blocks].map((block) => Math.floor(block.getBoundingClientRect().top + scrollY) - 4);
}

function cuts(height, possible) {
  const edges = [0];
  while (height - edges.at(-1) > TALLEST) {
    const from = edges.at(-1);
    const fitting = possible.filter((y) => y > from + TALLEST / 2 && y <= from + TALLEST);
    edges.push(fitting.length ? Math.max(...fitting) : from + TALLEST);
  }
  return [...edges, height];
}

async function photograph(page, folder) {
  const height = await page.evaluate(() => Math.ceil(document.body.getBoundingClientRect().bottom));
  const width = COLUMN + 2 * MARGIN;
  const edges = cuts(height, await page.evaluate(seams));
  const pictures = [];
  for (const [number, y] of edges.slice(0, -1).entries()) {
    const path = join(folder, `page-${String(number + 1).padStart(2, "0")}.png`);
    const clip = { x: 0, y, width, height: edges[number + 1] - y };
    await page.screenshot({ path, clip, fullPage: true });
    pictures.push(path);
  }
  return pictures;
}

const { text, chromium: executablePath, pictures, folder } = JSON.parse(readFileSync(0, "utf8"));
const profile = mkdtempSync(join(tmpdir(), "page-"));
// No clock: the process that started this one ends it if it hangs.
const context = await chromium.launchPersistentContext(profile, {
  timeout: 0,
  executablePath,
  headless: true,
  args: FLAGS,
  viewport: { width: COLUMN + 2 * MARGIN, height: TALLEST },
});
try {
  context.setDefaultTimeout(0);
  context.setDefaultNavigationTimeout(0);
  const page = await context.newPage();
  await page.route("**/*", (route) => {
    const address = route.request().url();
    if (address === SITE) return route.fulfill({ contentType: "text/html", body: html(text) });
    const name = decodeURI(address.slice(SITE.length));
    const path = join(extname(name) === ".svg" ? (folder ?? MODULES) : MODULES, name);
    if (!existsSync(path)) return route.abort();
    return route.fulfill({ path, contentType: TYPES[extname(path)] });
  });
  await page.goto(SITE);
  const faults = await page.evaluate(typeset);
  const shown = pictures ? await photograph(page, pictures) : [];
  process.stdout.write(JSON.stringify({ faults, pictures: shown }));
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
