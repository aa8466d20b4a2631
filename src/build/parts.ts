/**
 * Builds one script with what every trace needs, and a file for each part that is loaded when a command needs it. A
 * module that several of them need is in the script alone: the parts get it by a `require` of ours (src/bin/evaluate.ts).
 */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as esbuild from 'esbuild';
import { divide, importGraph, localName, type Division } from './import-graph.ts';
import { deferIpAddress, IP_ADDRESS } from './ip-address.ts';
import { MAIN, mainText, type Exporting } from './main-text.ts';
import { BUNDLE, EXTERNAL, SCRIPT, TARGET } from './options.ts';
import { readySeccomp } from './seccomp.ts';
import { placeYargs } from './yargs.ts';

/** Surrounds a part: it is a function of `require`. */
const PART = {
  banner: 'module.exports=(require)=>{const module={exports:{}},{exports}=module;',
  footer: 'return module.exports}',
} as const;

/** An ES module between the two steps. */
interface Module {
  readonly text: string;
  readonly exports: readonly string[];
}

/** ES modules by their name for each other (`./NAME.js`). */
type Modules = ReadonlyMap<string, Module>;

/**
 * Writes `commands.js`, its parts and ip-address into the folder `out`.
 * @param entry - the source that exports the commands
 * @returns what esbuild says of them
 */
export async function buildParts(entry: string, out: string): Promise<esbuild.Metafile[]> {
  const main = `./${basename(entry, '.ts')}.js`;
  const { metafile, modules } = await split(entry);
  const division = divide(main, importGraph(metafile));
  await writeMain(main, division, modules, out);
  for (const part of division.parts) await writePart(part, modules, out);
  return [metafile, await writeIpAddress(out)];
}

/** The first step: esbuild splits the sources into ES modules. */
async function split(entry: string): Promise<{ metafile: esbuild.Metafile; modules: Modules }> {
  const { metafile, outputFiles } = await esbuild.build({
    ...TARGET,
    ...BUNDLE,
    ...{ entryPoints: [entry], format: 'esm', splitting: true, outdir: 'split', write: false },
    ...{ metafile: true, external: EXTERNAL, plugins: [deferIpAddress, placeYargs, readySeccomp] },
  });
  const exportsOf = new Map(
    Object.entries(metafile.outputs).map(([file, { exports }]) => [localName(file), exports]),
  );
  const modules = new Map(
    outputFiles.map(({ path, text }) => {
      const name = localName(path);
      return [name, { text, exports: exportsOf.get(name) ?? [] }];
    }),
  );
  return { metafile, modules };
}

/** The second step for the script: bundles the modules of the script, and leaves the parts outside. */
async function writeMain(
  main: string,
  { shared, parts }: Division,
  modules: Modules,
  out: string,
): Promise<void> {
  const named = (file: string): Exporting => [file, moduleOf(file, modules).exports];
  const contents = mainText(named(main), [...shared].map(named), [...parts, IP_ADDRESS]);
  await esbuild.build({
    ...SCRIPT,
    ...BUNDLE,
    stdin: { contents },
    ...{ external: EXTERNAL, plugins: [readModules(modules)], outfile: `${out}/commands.js` },
    banner: { js: MAIN.banner },
    footer: { js: MAIN.footer },
  });
}

/** Finds modules in memory, parts beside the script, and packages by the `require` that the script is given. */
function readModules(modules: Modules): esbuild.Plugin {
  return {
    name: 'read-modules',
    setup(build) {
      build.onResolve({ filter: /^\.\// }, ({ kind, path }) =>
        kind === 'dynamic-import' ? { path, external: true } : { path, namespace: 'split' },
      );
      build.onLoad({ filter: /.*/, namespace: 'split' }, ({ path }) => ({
        contents: moduleOf(path, modules).text,
      }));
      build.onResolve({ filter: /^node:module$/ }, () => ({ path: 'module', namespace: 'own-require' }));
      build.onLoad({ filter: /.*/, namespace: 'own-require' }, () => ({
        contents: 'export const createRequire = () => require;',
      }));
    },
  };
}

/** The second step for a part. */
async function writePart(file: string, modules: Modules, out: string): Promise<void> {
  const { code } = await esbuild.transform(moduleOf(file, modules).text, { ...SCRIPT, ...PART });
  writeFileSync(`${out}/${file}`, code);
}

function moduleOf(file: string, modules: Modules): Module {
  const module = modules.get(file);
  if (!module) throw new Error(`the first step has built no file ${file}`);
  return module;
}

async function writeIpAddress(out: string): Promise<esbuild.Metafile> {
  const { metafile } = await esbuild.build({
    ...SCRIPT,
    ...BUNDLE,
    ...{ entryPoints: ['ip-address'], outfile: `${out}/${IP_ADDRESS}` },
    ...{ banner: { js: PART.banner }, footer: { js: PART.footer }, metafile: true },
  });
  return metafile;
}
