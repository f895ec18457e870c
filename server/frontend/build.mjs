// Builds the scripts of the pages from src/ and the pinned packages into ../static/, and writes down
// which packages are in them, with their versions and licences. Run by hand: npm ci && npm run build
// Another folder may be given: node build.mjs FOLDER
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

const STATIC = process.argv[2] ?? "../static";
const names = (await readdir("src")).filter((name) => /^[a-z]+\.js$/.test(name));

const { metafile } = await build({
  entryPoints: names.map((name) => `src/${name}`),
  outdir: STATIC,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
});

const packages = new Map();
for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
  for (const input of Object.keys(inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (!found) continue;
    const used = packages.get(found[1]) ?? new Set();
    packages.set(found[1], used.add(path.basename(output)));
  }
}

const parts = ["The scripts beside this file contain these packages, each under its own licence.\n"];
for (const name of [...packages.keys()].sort()) {
  const folder = `node_modules/${name}`;
  const about = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? await readFile(`${folder}/${file}`, "utf8") : `${about.license} licence`;
  const used = [...packages.get(name)].sort().join(", ");
  parts.push(`== ${name} ${about.version} (${about.license}), in ${used}\n\n${text.trim()}\n`);
}
await writeFile(`${STATIC}/licences.txt`, parts.join("\n").replaceAll("\r\n", "\n"));
