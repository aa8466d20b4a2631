/**
 * Runs the test files whose path contains one of the arguments, or all of them, with Node's test runner: test/all.ts beside
 * the files that have a process of their own.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { missingTools } from './setup/tools.ts';
import { isAlone } from './support/alone.ts';
import { testFiles } from './support/test-files.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A process that takes longer hangs. The longest takes some 60 s on two cores that have nothing else to do. */
const TIMEOUT_MS = 400_000;
/** So many processes run at once. On a single core it is two as well: those of the lab wait most of the time. */
const AT_ONCE = Math.max(2, availableParallelism());

const words = process.argv.slice(2);
const files = testFiles(ROOT, words);
if (files.length === 0) {
  console.error(`no test file's path contains ${words.join(' or ')}`);
  process.exit(1);
}
const missing = missingTools().map(({ program }) => program);
if (missing.length > 0) {
  console.error(`missing: ${missing.join(', ')}; what needs them is skipped ("npm run setup" installs them)`);
}
const env: NodeJS.ProcessEnv = { ...process.env, TEST_WORDS: words.join(' ') };
delete env['NODE_EXTRA_CA_CERTS']; // Node 20 would read all of it in each process
const alone = files.filter(isAlone);
const together = alone.length < files.length ? ['test/all.ts'] : [];
const options = [`--test-timeout=${TIMEOUT_MS}`, `--test-concurrency=${AT_ONCE}`];
const argv = ['--import', 'tsx', '--test', ...options, ...together, ...alone];
const runner = spawn(process.execPath, argv, { cwd: ROOT, stdio: 'inherit', env });
runner.on('exit', (status) => process.exit(status ?? 1)); // null: a signal ended it
