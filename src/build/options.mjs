/** What all that is built has in common. */

export const OUT = 'dist';

/** Packages that stay what they are: binaries, and what takes long to load and is needed seldom. */
export const EXTERNAL = ['raw-socket', 'koffi', 'yargs', 'dns-packet'];

export const TARGET = { platform: 'node', target: 'node20.19', logLevel: 'warning' };

/** CommonJS, which Node starts sooner than ES modules. */
export const SCRIPT = {
  ...TARGET,
  format: 'cjs',
  minifyWhitespace: true,
  minifySyntax: true,
  supported: { 'dynamic-import': false }, // a `require` in a promise, where a file is loaded later
  define: {
    'import.meta.url': '__filename',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
};
