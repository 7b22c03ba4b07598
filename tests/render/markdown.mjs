// Reads a Markdown document as GitHub does, and finds its formulas.
//
// GitHub runs CommonMark over the text first and looks for dollar signs in what is left. So the
// document is read twice: once with a rule that takes formulas out of Markdown's hands, once
// without. Where the two differ, Markdown has damaged a formula.

import MarkdownIt from "markdown-it";

const REFUSED_MACROS =
  "operatorname operatornamewithlimits mbox phantom hphantom vphantom smash def gdef edef let " +
  "newcommand renewcommand providecommand newenvironment DeclareMathOperator require unicode " +
  "href url class cssId style htmlClass htmlId htmlStyle htmlData includegraphics label ref eqref";
const DISPLAY_ENVIRONMENTS = /\\begin\{((?:align|equation|gather|multline|eqnarray|split)\*?)\}/;
const PUNCTUATION = "[!-\\/:-@\\[-`{-~]";

/** A CommonMark parser with GitHub's tables; `math` adds formulas as tokens of their own. */
export function parser(math = true) {
  const md = new MarkdownIt("commonmark", { html: true }).enable(["table", "strikethrough"]);
  // Escapes must stay apart from the text around them, to tell what Markdown did to a formula.
  md.core.ruler.disable("text_join");
  if (math) md.inline.ruler.before("escape", "math", mathRule);
  return md;
}

function mathRule(state, silent) {
  const { src, pos } = state;
  if (src[pos] !== "$") return false;
  const mark = src.startsWith("$$", pos) ? "$$" : "$";
  const start = pos + mark.length;
  let end = src.indexOf(mark, start);
  while (end > 0 && src[end - 1] === "\\") end = src.indexOf(mark, end + 1);
  if (end <= start) return false;
  if (!silent) {
    const token = state.push("math", "", 0);
    token.markup = mark;
    token.content = src.slice(start, end);
    token.meta = {
      before: src.slice(0, pos),
      after: src.slice(end + mark.length),
      offset: (src.slice(0, pos).match(/\n/g) ?? []).length,
    };
  }
  state.pos = end + mark.length;
  return true;
}

/**
 * Every formula of `text` as {source, display, line}, and what GitHub would not show as it is meant, as {line, source, message}.
 */
export function read(text) {
  const found = { formulas: [], faults: [] };
  const tokens = parser().parse(text, {});
  const plain = parser(false).parse(text, {});
  const maps = [];
  let items = 0;
  tokens.forEach((token, index) => {
    if (token.nesting === 1) maps.push(token.map ?? maps.at(-1));
    if (token.nesting === -1) maps.pop();
    if (token.type.startsWith("list_item")) items += token.nesting;
    const line = (token.map ?? maps.at(-1) ?? [0])[0] + 1;
    if (token.type === "fence") readFence(token, line, found);
    if (token.type === "html_block" && token.content.includes("$")) {
      const message = "no formula is read inside HTML; put a blank line before it";
      found.faults.push({ line, source: token.content, message });
    }
    if (token.type === "inline") {
      readInline(token, plain[index], line, items > 0, found);
    }
  });
  found.faults.push(...deadLinks(tokens));
  return found;
}

/** Links within the document, like [(13)](#eq-13), that lead nowhere or to more than one place. */
function deadLinks(tokens) {
  const places = [];
  const links = [];
  tokens.forEach((token, index) => {
    const html = [token, ...(token.children ?? [])].filter((part) => part.type.startsWith("html"));
    for (const part of html) {
      places.push(...[...part.content.matchAll(/\b(?:id|name)="([^"]+)"/g)].map((m) => m[1]));
    }
    if (token.type === "heading_open") places.push(slug(tokens[index + 1].content));
    for (const child of token.children ?? []) {
      const address = child.type === "link_open" ? child.attrGet("href") : "";
      if (address.startsWith("#")) links.push({ line: (token.map ?? [0])[0] + 1, source: address });
    }
  });
  const count = (place) => places.filter((other) => other === place).length;
  return links.flatMap((link) => {
    const found = count(decodeURIComponent(link.source.slice(1)));
    if (found === 1) return [];
    return [{ ...link, message: `the link leads to ${found || "no"} place${found > 1 ? "s" : ""}` }];
  });
}

/** The name that GitHub gives a heading. */
function slug(heading) {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");
}

function readFence(token, line, found) {
  const source = token.content;
  const language = token.info.trim();
  if (language === "math") found.formulas.push({ source, display: true, line: line + 1 });
}

function readInline(token, plain, firstLine, inList, found) {
  const left = remains(plain.children);
  let from = 0;
  const math = token.children.filter((child) => child.type === "math");
  for (const child of math) {
    const source = child.content;
    const display = child.markup === "$$";
    const line = firstLine + child.meta.offset;
    const complain = (message) => found.faults.push({ line, source, message });
    found.formulas.push({ source, display, line });
    if (display) displayRules(child, inList && math.length > 1, complain);
    else inlineRules(child, complain);
    sourceRules(source, complain);
    const whole = normal(child.markup + source + child.markup);
    const at = left.indexOf(whole, from);
    if (at >= 0) from = at + whole.length;
    else complain(damage(source, plain.children, token.children));
  }
  let line = firstLine;
  for (const child of token.children) {
    if (child.type === "math") line = firstLine + child.meta.offset;
    line += (child.type === "math" ? child.content.split("\n").length - 1 : 0);
    line += child.type.endsWith("break") ? 1 : 0;
    if (child.type === "text" && child.content.includes("$")) {
      found.faults.push({
        line,
        source: child.content,
        message:
          "a $ without its partner: the formula is cut by a blank line, by a | in a table, or by" +
          " a line that begins like a list, heading, quote or rule (+ - * # > = 1.)",
      });
    }
  }
}

function displayRules({ content, meta }, crowded, complain) {
  if (meta.before.trim() || meta.after.trim()) {
    complain("a $$ formula needs a blank line before and after it");
  }
  if (crowded) complain("a $$ formula and another formula in one list item: GitHub shows neither");
  const environment = content.match(DISPLAY_ENVIRONMENTS);
  if (environment) {
    complain(`$$ begins a display by itself: write aligned instead of ${environment[1]}`);
  }
}

function inlineRules({ content, meta }, complain) {
  if (!/(^|[\s(*_])$/.test(meta.before)) {
    complain(`GitHub starts no formula after ${JSON.stringify(meta.before.at(-1))}`);
  }
  if (/^[\p{L}\p{N}$]/u.test(meta.after)) {
    complain(`GitHub ends no formula before ${JSON.stringify(meta.after[0])}`);
  }
  if (/^\s|\s$/.test(content)) complain("a space just inside the dollar signs");
  if (content.includes("\n")) complain("an inline formula has to stay on one line");
}

function sourceRules(source, complain) {
  const macros = [...source.matchAll(/\\([A-Za-z]+)/g)].map((match) => match[1]);
  const refused = REFUSED_MACROS.split(" ").filter((name) => macros.includes(name));
  if (refused.length) {
    complain(`GitHub does not allow the macro ${refused.map((name) => "\\" + name).join(", ")}`);
  }
  if (/<(?!\s)|(?<!\s)</.test(source)) complain("< needs a space on both sides, or \\lt");
}

/** What Markdown leaves of inline text: what it swallows is missing, markup is a NUL. */
function remains(children) {
  let text = "";
  children.forEach((child, index) => {
    if (child.type === "text") text += child.content;
    else if (child.type === "softbreak") text += "\n";
    else if (child.type !== "text_special") text += "\0";
    else if (child.content === "\\" && children[index + 1]?.type === "softbreak") text += "\\\\";
    else text += child.content;
  });
  return normal(text);
}

/** Markdown drops the blanks around a line's end, and so may we. */
function normal(text) {
  return text.replace(/[ \t]*\n[ \t]*/g, "\n");
}

function damage(source, plain, formulas) {
  const escapes = source.match(new RegExp(`\\\\${PUNCTUATION}`, "g")) ?? [];
  const rowEnds = source.match(/\\\\[ \t]*\n/g) ?? [];
  const eaten = new Set(escapes.filter((escape) => escape !== "\\\\"));
  if (eaten.size) return `Markdown eats the backslash of ${[...eaten].join(" ")}`;
  if (escapes.length > rowEnds.length) return "Markdown halves a \\\\ that does not end its line";
  const harmless = new Set(["text", "text_special", "softbreak", "math"]);
  const meant = new Set(formulas.map((child) => child.type));
  const kinds = plain.map((child) => child.type).filter((type) => !harmless.has(type));
  const odd = kinds.filter((type) => !meant.has(type));
  const names = new Set((odd.length ? odd : kinds).map((type) => type.replace(/_(open|close)$/, "")));
  return `Markdown takes a part of it for mark-up: ${[...names].join(", ") || "entity"}`;
}
