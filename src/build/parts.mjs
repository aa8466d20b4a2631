/**
 * One script that holds what every trace needs, and a file for each part that is loaded when it is needed. Modules that
 * several need are in the script alone: the parts get them from there, by a `require` of ours (src/bin/parts.ts).
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build, transform } from 'esbuild';
import { deferIpAddress, IP_ADDRESS } from './ip-address.mjs';
import { EXTERNAL, OUT, SCRIPT, TARGET } from './options.mjs';

/** Between the two steps: ES modules, split by esbuild. */
const STAGE = 'node_modules/.cache/polytrace/parts';

/** What surrounds a part: it is a function of `require`. */
const PART = {
  banner: 'module.exports=(require)=>{const module={exports:{}},{exports}=module;',
  footer: 'return module.exports}',
};

/** Builds OUT/commands.js, an expression whose value is a function of `require` and where it is, and its parts. */
export async function buildParts(entry) {
  const imports = await split(entry);
  const main = `./${basename(entry, '.ts')}.js`;
  const needed = neededBy(main, imports);
  const parts = [...imports.keys()].filter((file) => !needed.has(file));
  const shared = new Set(parts.flatMap((part) => imports.get(part)).filter((file) => needed.has(file)));
  await writeMain(main, shared);
  for (const part of parts) await writePart(part, readFileSync(`${STAGE}/${part}`, 'utf8'));
  await writeIpAddress();
}

/** Splits `entry` and answers which of the files imports which at once. */
async function split(entry) {
  rmSync(STAGE, { recursive: true, force: true });
  const { metafile } = await build({
    ...TARGET,
    ...{ entryPoints: [entry], bundle: true, format: 'esm', splitting: true, outdir: STAGE, metafile: true },
    ...{ external: EXTERNAL, plugins: [deferIpAddress] },
  });
  const local = (path) => `./${basename(path)}`;
  return new Map(
    Object.entries(metafile.outputs).map(([file, { imports }]) => [
      local(file),
      imports
        .filter(({ kind, external }) => kind === 'import-statement' && !external)
        .map(({ path }) => local(path)),
    ]),
  );
}

/** `main` and all files that are evaluated with it. */
function neededBy(main, imports) {
  const needed = new Set([main]);
  for (const file of needed) for (const imported of imports.get(file)) needed.add(imported);
  return needed;
}

/** Parts are found beside the script, and packages by the `require` that it is given. */
const findParts = {
  name: 'find-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\// }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
    onResolve({ filter: /^node:module$/ }, () => ({ path: 'module', namespace: 'own-require' }));
    onLoad({ filter: /.*/, namespace: 'own-require' }, () => ({
      contents: 'export const createRequire = () => require;',
    }));
  },
};

/** @param shared - the files whose exports the parts need: exports of the script, under the file's name */
async function writeMain(main, shared) {
  const lines = [...shared].map((file) => `export * as "${file}" from "${file}";`);
  await build({
    ...SCRIPT,
    stdin: { contents: [`export * from "${main}";`, ...lines].join('\n'), resolveDir: STAGE },
    ...{ bundle: true, external: EXTERNAL, plugins: [findParts], outfile: `${OUT}/commands.js` },
    banner: { js: '(function (require, __filename, __dirname) { const module = {};' },
    footer: { js: 'return module.exports; })' },
  });
}

async function writePart(file, module) {
  const { code } = await transform(module, { ...SCRIPT, ...PART });
  writeFileSync(`${OUT}/${file}`, code);
}

async function writeIpAddress() {
  const banner = { js: PART.banner };
  const footer = { js: PART.footer };
  const outfile = `${OUT}/${IP_ADDRESS}`;
  await build({ ...SCRIPT, entryPoints: ['ip-address'], bundle: true, outfile, banner, footer });
}
