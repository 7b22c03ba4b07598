// Standard input: a Markdown document. Standard output: what KaTeX and GitHub say against it, as
// JSON: {"formulas": 12, "katex": [{line, source, message}], "github": [...]}.

import { readFileSync } from "node:fs";
import katex from "katex";
import { read } from "./markdown.mjs";

const { formulas, faults } = read(readFileSync(0, "utf8"));
const refused = [];
for (const { source, display, line } of formulas) {
  try {
    katex.renderToString(source, {
      displayMode: display,
      throwOnError: true,
      strict: "error",
      trust: false,
    });
  } catch (error) {
    refused.push({ line, source, message: error.message });
  }
}
process.stdout.write(JSON.stringify({ formulas: formulas.length, katex: refused, github: faults }));
