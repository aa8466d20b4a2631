import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
const packagesBut = (name) => `^(?!${name}(/|$))[^.]`;

const ROOMS = [
  ...['wire', 'model', 'ports', 'engine', 'verdict', 'measure', 'formats', 'render'],
  ...['dialects', 'command', 'net', 'build', 'bin', 'probes'],
];
/** Single files of a room that others may import though not the room. */
const FILES = { codes: 'wire/codes.ts$', 'probe-type': 'engine/probe-type.ts$' };

const PROBES = join(import.meta.dirname, 'probes');
/** The names of all probe types, as their files declare them. */
const PROBE_NAMES = readdirSync(PROBES)
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => [...readFileSync(join(PROBES, file), 'utf8').matchAll(/^ {2}name: '([^']+)',$/gm)])
  .map(([, name]) => name);

/** Forbids these probe names as literals: what depends on the kind of a probe is one of its traits. */
function noProbeNames(files, names, ignores = []) {
  const selector = `Literal[value=/^(${names.join('|')})$/]`;
  const message =
    'Only dialects know probes by name: read a trait (see docs/adding-a-probe.md, "The traits").';
  return { files, ignores, rules: { 'no-restricted-syntax': ['error', { selector, message }] } };
}

/** Matches a path into any room but these. */
function roomsBut(...allowed) {
  const rooms = ROOMS.filter((room) => !allowed.includes(room));
  const files = allowed.flatMap((name) => (name in FILES ? [FILES[name]] : []));
  return `^\\.(?:.*/)?(?:${files.map((file) => `(?!${file})`).join('')}(?:${rooms.join('|')})/)`;
}

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
  noProbeNames(['src/**/*.ts'], PROBE_NAMES, ['src/dialects/**']),
  // here TCP and UDP are what sockets, local ports and /etc/services are of, whatever probes there are
  noProbeNames(
    ['src/net/**/*.ts', 'src/ports/machine.ts', 'src/engine/probe-type.ts'],
    PROBE_NAMES.filter((name) => name !== 'tcp' && name !== 'udp'),
  ),
  layer(['src/wire/**'], [PACKAGES, '^\\.\\./']),
  layer(['src/model/**'], [packagesBut('ip-address'), roomsBut('model', 'codes')]),
  layer(['src/ports/**'], [PACKAGES, roomsBut('ports', 'model', 'codes')]),
  layer(['src/engine/**'], [PACKAGES, roomsBut('engine', 'wire', 'model', 'ports')]),
  layer(['probes/**'], [PACKAGES, roomsBut('probes', 'wire', 'model', 'probe-type')]),
  layer(['src/verdict/**'], [PACKAGES, roomsBut('verdict', 'model', 'codes')]),
  layer(['src/measure/**'], [PACKAGES, roomsBut('measure', 'wire', 'engine', 'verdict', 'ports', 'model')]),
  layer(['src/render/**'], [packagesBut('string-width'), roomsBut('render', 'model', 'verdict', 'codes')]),
  layer(['src/formats/**'], [PACKAGES, roomsBut('formats', 'render', 'model', 'verdict', 'codes')]),
  layer(['src/dialects/**'], [packagesBut('yargs'), roomsBut('dialects', 'probes', 'model', 'codes')]),
  layer(['src/build/**'], [roomsBut('build')], false),
  layer(['src/net/**'], [roomsBut('net', 'wire', 'engine', 'ports', 'model')], false),
  layer(
    ['src/command/**'],
    [
      PACKAGES,
      roomsBut(
        'command',
        'measure',
        'render',
        'formats',
        'verdict',
        'engine',
        'wire',
        'ports',
        'model',
        'probes',
      ),
    ],
  ),
);
