/** Runs the test files whose path contains one of the arguments, or all of them, with Node's test runner. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { missingTools } from './setup/tools.ts';
import { testFiles } from './support/test-files.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A test that takes longer hangs. */
const TIMEOUT_MS = 240_000;

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
const env = { ...process.env };
delete env['NODE_EXTRA_CA_CERTS']; // Node 20 would read all of it in each process
const argv = ['--import', 'tsx', '--test', `--test-timeout=${TIMEOUT_MS}`, ...files];
const runner = spawn(process.execPath, argv, { cwd: ROOT, stdio: 'inherit', env });
runner.on('exit', (status) => process.exit(status ?? 1)); // null: a signal ended it
