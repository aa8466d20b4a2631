/** Options that every step of the build shares. */
import { fileURLToPath } from 'node:url';

/** The folder of the project, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Packages that are not bundled: they bring binaries, or build them. */
export const EXTERNAL = ['raw-socket', 'koffi'];

/** What the output runs on; warnings of esbuild are shown. */
export const TARGET = { platform: 'node', target: 'node20.19', logLevel: 'warning' } as const;

/** Bundles; paths are those of the project, wherever the build is started. */
export const BUNDLE = { bundle: true, absWorkingDir: ROOT } as const;

/** CommonJS, which Node starts sooner than ES modules. */
export const SCRIPT = {
  ...TARGET,
  format: 'cjs',
  minifyWhitespace: true,
  minifySyntax: true,
  minifyIdentifiers: true,
  supported: { 'dynamic-import': false }, // a file that is loaded later is a `require` in a promise
  define: {
    'import.meta.url': '__filename',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
} as const;
