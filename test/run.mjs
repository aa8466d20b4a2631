/** Installs what the lab lacks, where it may; then runs every test file below test/ (or those whose path contains an argument) with node's test runner. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/** A test that takes longer hangs. */
const TIMEOUT_MS = 120_000;

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname, { recursive: true })
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .map((file) => join(import.meta.dirname, file))
  .sort();
if (files.length === 0) {
  console.error('no test file matches');
  process.exit(1);
}
const { ensureTools } = await tsImport('./lab/ensure-tools.ts', import.meta.url);
ensureTools(console.error);
const env = { ...process.env };
delete env['NODE_EXTRA_CA_CERTS'];
const child = spawn(
  process.execPath,
  ['--import', 'tsx', '--test', `--test-timeout=${TIMEOUT_MS}`, ...files],
  { stdio: 'inherit', env },
);
child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
