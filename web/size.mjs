// The weight of what every list page loads: scripts and styles of the entry and of the parts a list uses,
// compressed as the server sends them. The budget is a promise to people on slow lines, so passing it fails the build.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 90_000;
const manifest = JSON.parse(readFileSync("dist/manifest.json", "utf8"));
const files = new Set();
const add = (key) => {
  const part = manifest[key];
  if (!part || files.has(part.file)) return;
  files.add(part.file);
  for (const css of part.css ?? []) files.add(css);
  for (const other of part.imports ?? []) add(other);
};
add("src/main.ts");
add("src/live.ts");
let sum = 0;
for (const file of files) sum += gzipSync(readFileSync(`dist/${file}`)).length;
console.log(`list page: ${(sum / 1000).toFixed(1)} kB of scripts and styles (gzip), budget ${BUDGET / 1000} kB`);
if (sum > BUDGET) process.exit(1);
