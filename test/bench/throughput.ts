/** Compares many traces in one process with a loop in C that only sends and receives. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ended, spawnIn } from '../lab/command.ts';
import { median } from './measure.ts';
import { ANSWERING, openOneHop, SOURCE } from './one-hop.ts';
import { verdict, type Section } from './table.ts';

const DESTINATIONS = 10_000;
const ATTEMPTS = 6;
/** So many runs before those of the engine, and as many after them. */
const C_RUNS = 3;

/** The numbers that throughput-engine.ts prints. */
export interface EngineNumbers {
  readonly probesPerSecond: number;
  readonly sent: number;
  readonly answered: number;
  /** Median RTTs in microseconds, at full rate and one by one. */
  readonly loadedUs: number;
  readonly unloadedUs: number;
  /** Octets in use after all probes, beyond those after the warm-up. */
  readonly growthOctets: number;
  readonly octetsInFlight: number;
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Bundles the engine as the commands are bundled: with tsx, its additions to each function would be measured too. */
async function bundled(): Promise<string> {
  const outfile = pathOf('../../node_modules/.cache/polytrace/throughput-engine.mjs');
  const packages = ['koffi', 'raw-socket'];
  await build({
    entryPoints: [pathOf('throughput-engine.ts')],
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20.19', external: packages },
  });
  return outfile;
}

async function run(namespace: string, command: string, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await ended(spawnIn(namespace, command, args));
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Compiles the loop in C into `directory`. Answers its path; undefined without a compiler. */
function compile(directory: string): string | undefined {
  const program = join(directory, 'throughput');
  const compiled = spawnSync('gcc', ['-O2', '-o', program, pathOf('throughput.c')], { encoding: 'utf8' });
  if (compiled.error) return undefined;
  if (compiled.status !== 0) throw new Error(compiled.stderr);
  return program;
}

/** Answers the probes a second of each run of the loop in C; none without it. */
async function runInC(namespace: string, program: string | undefined): Promise<number[]> {
  const rates: number[] = [];
  for (let count = 0; program !== undefined && count < C_RUNS; count++) {
    const args = [SOURCE, ANSWERING, String(DESTINATIONS), String(ATTEMPTS)];
    const { answered, seconds } = JSON.parse(await run(namespace, program, args)) as CNumbers; // our own form
    rates.push(answered / seconds);
  }
  return rates;
}

interface CNumbers {
  readonly answered: number;
  readonly seconds: number;
}

/** Measures both in one namespace. */
export async function throughput(): Promise<Section> {
  const { namespace, close } = openOneHop();
  const directory = mkdtempSync(join(tmpdir(), 'polytrace-bench-'));
  try {
    const [script, program] = [await bundled(), compile(directory)];
    const before = await runInC(namespace, program);
    const output = await run(namespace, process.execPath, ['--expose-gc', script]);
    const inC = [...before, ...(await runInC(namespace, program))];
    const engine = JSON.parse(output) as EngineNumbers; // its own form
    return sectionOf(engine, program === undefined ? undefined : median(inC));
  } finally {
    rmSync(directory, { recursive: true });
    close();
  }
}

function rowsOf(engine: EngineNumbers, inC: number | undefined): string[][] {
  const { probesPerSecond, loadedUs, unloadedUs, octetsInFlight, growthOctets, sent, answered } = engine;
  const perSecond = (rate: number): string => `${rate.toFixed(0)}/s`;
  const ratio = inC === undefined ? NaN : probesPerSecond / inC;
  const growth = growthOctets / sent;
  const beyondUs = Math.abs(loadedUs - unloadedUs);
  return [
    [
      'probes with answers',
      perSecond(probesPerSecond),
      '>= 60000/s',
      verdict(probesPerSecond, 60_000, 'at least'),
    ],
    inC === undefined
      ? ['the loop in C', 'gcc is missing', '', '']
      : ['the loop in C', perSecond(inC), '', ''],
    ['over the loop in C', ratio.toFixed(2), '>= 0.5', verdict(ratio, 0.5, 'at least')],
    ['answered', `${answered} of ${sent}`, 'all', verdict(answered, sent, 'at least')],
    ['RTT, one by one', `${unloadedUs.toFixed(1)} us`, '', ''],
    ['RTT at full rate', `${loadedUs.toFixed(1)} us`, '+- 10 us', verdict(beyondUs, 10)],
    [
      'memory a probe in flight',
      `${octetsInFlight.toFixed(0)} octets`,
      '<= 1024',
      verdict(octetsInFlight, 1024),
    ],
    ['growth a probe, over a million', `${growth.toFixed(2)} octets`, '<= 1', verdict(growth, 1)],
  ];
}

function sectionOf(engine: EngineNumbers, inC: number | undefined): Section {
  return {
    title: 'Throughput',
    text: [
      `The engine in one process: ${DESTINATIONS} traces of one hop, ${ATTEMPTS} probes each, over the kernel`,
      'transport to a neighbour that answers for all targets; medians of 17 rounds, a million probes. The loop in C',
      '([throughput.c](../test/bench/throughput.c)) sends the same with `sendto` and counts the answers with',
      '`recvmmsg`.',
    ].join('\n'),
    tables: [{ head: ['what', 'measured', 'goal', 'reached'], rows: rowsOf(engine, inC) }],
  };
}
