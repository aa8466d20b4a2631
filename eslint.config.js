import tseslint from 'typescript-eslint';

const SEE = 'see docs/architecture.md, "Who may import whom"';

/** Forbids imports that match `patterns` in the files of one layer. */
function layer(files, patterns, globals = true) {
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: patterns.map((regex) => ({ regex, message: `This layer may not import it: ${SEE}.` })) },
      ],
      ...(globals
        ? {
            'no-restricted-globals': [
              'error',
              ...[
                'process',
                'performance',
                'setTimeout',
                'setInterval',
                'setImmediate',
                'Date',
                'Buffer',
              ].map((name) => ({ name, message: `Only net/ and bin/ touch the outside world: ${SEE}.` })),
            ],
            'no-restricted-properties': [
              'error',
              { object: 'Math', property: 'random', message: `Randomness is injected: ${SEE}.` },
            ],
          }
        : {}),
    },
  };
}

const PACKAGES = '^[^.]';
const up = (...layers) => `/(${layers.join('|')})/`;

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'node_modules'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'probes/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 50 }],
      complexity: ['error', 10],
    },
  },
  {
    files: ['test/**/*.ts'],
    // node:test's describe and it return promises that the runner itself awaits
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
  layer(['src/wire/**'], [PACKAGES, '^\\.\\./']),
  layer(
    ['src/model/**'],
    ['^(?!ip-address$)[^.]', up('wire', 'engine', 'net', 'command', 'dialects', 'render', 'probes', 'bin')],
  ),
  layer(['src/engine/**'], [PACKAGES, up('net', 'command', 'dialects', 'render', 'probes', 'bin')]),
  layer(['src/render/**'], [PACKAGES, up('wire', 'engine', 'net', 'command', 'dialects', 'probes', 'bin')]),
  layer(
    ['src/dialects/**'],
    ['^(?!yargs(/|$))[^.]', up('wire', 'engine', 'net', 'command', 'render', 'bin')],
  ),
  layer(['src/command/**'], [PACKAGES, up('net', 'dialects', 'bin')]),
  layer(['src/net/**'], [up('command', 'dialects', 'render', 'probes', 'bin')], false),
  layer(
    ['probes/**'],
    [PACKAGES, up('net', 'command', 'dialects', 'render', 'bin'), '/engine/(?!probe-type)'],
  ),
);
