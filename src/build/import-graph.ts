/** Which built files import which at once, and what follows for the script and its parts. Pure. */
import { basename } from 'node:path';
import type { Metafile } from 'esbuild';

/** Each file, as the others import it (`./NAME.js`), and the files that its own evaluation waits for. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** What goes where. Files are named as in the graph. */
export interface Division {
  /** Evaluated at every start: bundled into the script. */
  readonly script: ReadonlySet<string>;
  /** All others: each is a part, loaded when a command needs it. */
  readonly parts: readonly string[];
  /** Those of the script that parts import: the script exports what they export. */
  readonly shared: ReadonlySet<string>;
}

/** How a built file imports one beside it. */
export function localName(path: string): string {
  return `./${basename(path)}`;
}

/** Reads the graph from esbuild's description of a build. Packages and dynamic imports are no part of it. */
export function importGraph({ outputs }: Pick<Metafile, 'outputs'>): ImportGraph {
  return new Map(
    Object.entries(outputs).map(([file, { imports }]) => [
      localName(file),
      imports
        .filter(({ kind, external }) => kind === 'import-statement' && external !== true)
        .map(({ path }) => localName(path)),
    ]),
  );
}

/**
 * Divides the files between the script, which begins with `main`, and its parts.
 * @throws Error when a file imports one that is not in the graph
 */
export function divide(main: string, graph: ImportGraph): Division {
  const script = new Set([main]);
  for (const file of script) for (const imported of importsOf(file, graph)) script.add(imported);
  const parts = [...graph.keys()].filter((file) => !script.has(file));
  const imported = parts.flatMap((part) => importsOf(part, graph));
  return { script, parts, shared: new Set(imported.filter((file) => script.has(file))) };
}

function importsOf(file: string, graph: ImportGraph): readonly string[] {
  const imports = graph.get(file);
  if (!imports) throw new Error(`the build has no file ${file}`);
  return imports;
}
