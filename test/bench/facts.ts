/** Describes the machine that measured: enough to judge the numbers, and no names. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { peerLines } from './tools.ts';

function firstLine(command: string, args: readonly string[]): string {
  const { stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return (stdout || '').split('\n', 1)[0] || `${command} missing`;
}

function cpuModel(): string {
  const cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
  return /^model name\s*:\s*(?<model>.*)$/m.exec(cpuinfo)?.groups?.['model'] ?? process.arch;
}

/** Tells date, processor, memory, versions and peers, each in a line. */
export function facts(): string[] {
  return [
    `Date: ${new Date().toISOString().slice(0, 10)}`,
    `CPU: ${cpus().length} x ${cpuModel()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
    `Linux ${release().split('-', 1)[0] ?? ''}, Node ${process.version}, ${firstLine('gcc', ['--version'])}`,
    ...peerLines().map((line) => `Peer ${line}`),
  ];
}
