/** The library: one script for `require`, a module that takes it over for `import`, and the types of both. */
import { writeFileSync } from 'node:fs';
import { build, type Metafile } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { BUNDLE, EXTERNAL, ROOT, SCRIPT } from './options.ts';

const ENTRY = 'src/index.ts';

/**
 * Writes `library.js` and `library.mjs` into the folder `out`. Both share one copy of the code, and so its errors.
 * @returns what esbuild says of it
 */
export async function buildLibrary(out: string): Promise<Metafile> {
  const outfile = `${out}/library.js`;
  const { metafile } = await build({
    ...{ ...SCRIPT, ...BUNDLE, entryPoints: [ENTRY], outfile },
    ...{ external: EXTERNAL, metafile: true },
  });
  const names = await exportedNames();
  if (Object.keys(metafile.outputs).length !== 1) throw new Error('the library is more than one file');
  const lines = [`import library from './library.js';`, `export const { ${names.join(', ')} } = library;`];
  writeFileSync(`${out}/library.mjs`, `${lines.join('\n')}\n`);
  return metafile;
}

/** The values that the entry exports. esbuild tells them of ES modules alone. */
async function exportedNames(): Promise<readonly string[]> {
  const { metafile } = await build({
    ...{ ...BUNDLE, entryPoints: [ENTRY], format: 'esm', platform: 'node', packages: 'external' },
    ...{ metafile: true, write: false, outdir: 'out' },
  });
  const [output] = Object.values(metafile.outputs);
  return output?.exports ?? [];
}

/** Writes the types of the library into the folder `out`, in one file for each kind of module. */
export async function buildTypes(out: string): Promise<void> {
  const bundle = await rollup({
    input: `${ROOT}${ENTRY}`,
    plugins: [dts({ tsconfig: `${ROOT}tsconfig.json` })],
    external: [/^node:/, ...EXTERNAL],
  });
  const { output } = await bundle.generate({ format: 'es' });
  for (const ending of ['d.ts', 'd.mts']) writeFileSync(`${out}/library.${ending}`, output[0].code);
}
