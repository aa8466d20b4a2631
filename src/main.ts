/** The composition root. Joins a command's dialect, probe and renderer over a world. */
import { requestedType } from './command/requested-type.ts';
import { runTrace } from './command/run-trace.ts';
import type { Style } from './command/style.ts';
import type { Ending, World } from './ports/world.ts';
import { bsdUsage, parseBsd } from './dialects/bsd.ts';
import { bsdOptions } from './dialects/bsd-options.ts';
import { requestedShell, type CompletionShell } from './dialects/completion/shell.ts';
import type { DialectContext, Request } from './dialects/dialect.ts';
import type { OptionTable } from './dialects/option-table.ts';
import { parseTcptraceroute, tcptracerouteUsage } from './dialects/tcptraceroute.ts';
import { tcptracerouteOptions } from './dialects/tcptraceroute-options.ts';
import { ResolveError, TransportError, UsageError, type UsageHint } from './model/errors.ts';
import type { StopReason } from './model/outcome.ts';
import { sanitiseName } from './model/name.ts';
import type { MatrixRequest, Plan } from './model/plan.ts';
import { oneLine, printableLines } from './model/printable.ts';
import { bsdRenderer } from './render/bsd.ts';
import { jsonRenderer } from './formats/trace-json.ts';
import { tcptracerouteRenderer } from './render/tcptraceroute.ts';
import { VERSION } from './version.ts';

/** Exit status of a matrix of which not every probe got through. */
const NOT_ALL_THROUGH_STATUS = 3;

/** All that one command has of its own. */
interface Command {
  readonly name: 'traceroute' | 'tcptraceroute';
  readonly style: (program: string) => Style;
  readonly options: OptionTable<never>;
  readonly operands: string;
  parse(argv: readonly string[], context: DialectContext): Request;
  usage(program: string): string;
  /** Every error line begins with it. */
  prefix(program: string): string;
  exitStatus(reason: StopReason): number;
}

const traceroute: Command = {
  name: 'traceroute',
  style: (program) => ({
    program,
    cutLocalDomain: true,
    renderer: (facts, plan) => (plan.json ? jsonRenderer(facts, 'bsd') : bsdRenderer(facts, plan)),
    wording: {
      badHost: (_name, _use, reason) => reason,
      portInUse: (port) => `local port ${port} is in use (leave the choice to the system)`,
      severalAddresses: (name, used) => `Warning: ${name} has multiple addresses; using ${used}`,
    },
  }),
  options: bsdOptions,
  operands: 'host [packetlen]',
  parse: parseBsd,
  usage: (program) => bsdUsage(program, VERSION),
  prefix: (program) => `${program}: `,
  exitStatus: () => 0,
};

const tcptraceroute: Command = {
  name: 'tcptraceroute',
  style: (program) => ({
    program,
    cutLocalDomain: false,
    renderer: (facts, plan) =>
      plan.json ? jsonRenderer(facts, 'tcptraceroute') : tcptracerouteRenderer(facts, plan),
    wording: {
      badHost: (name, use) => `Bad ${use} address: ${sanitiseName(name)}`,
      portInUse: () => 'Sorry, requested local port is already in use.  Use -P, instead of -p, to override.',
    },
  }),
  options: tcptracerouteOptions,
  operands: 'host [destination port] [length]',
  parse: parseTcptraceroute,
  usage: tcptracerouteUsage,
  prefix: () => '',
  exitStatus: (reason) => (reason === 'max-ttl' || reason === 'gap' ? 1 : 0),
};

const commands = { traceroute, tcptraceroute } as const;

/**
 * Runs a command to its end.
 * @param calledAs - the name it was called by
 * @returns the exit status, or the signal that ended the run once all that was known is written
 */
export async function main(
  name: keyof typeof commands,
  calledAs: string,
  argv: readonly string[],
  world: World,
): Promise<Ending> {
  const command = commands[name];
  const program = oneLine(calledAs);
  try {
    const shell = requestedShell(argv, command.options);
    if (shell !== undefined) {
      world.stdout(await completion(command, program, shell));
      return 0;
    }
    const request = command.parse(argv, contextOf(command, program, world));
    switch (request.kind) {
      case 'version':
        world.stdout(`polytrace ${VERSION}\n`);
        return 0;
      case 'usage':
        world.stdout(`polytrace ${VERSION}\n`);
        world.stderr(command.usage(program));
        return 1; // as the original has it
      case 'help':
        world.stdout(await help(command, program, world));
        return 0;
      case 'trace':
        return await trace(command, program, request.plan, world);
    }
  } catch (error) {
    world.stderr(printableLines(await complaint(error, command, program)));
    return 1;
  }
}

function contextOf(command: Command, program: string, world: World): DialectContext {
  return {
    program,
    defaultTtl: world.machine.defaultTtl(4),
    protocolNumber: (name) => world.protocolNumber(name),
    servicePort: (name) => world.servicePort(name),
    warn: (message) => {
      world.stderr(`${command.prefix(program)}${oneLine(message)}\n`);
    },
  };
}

async function trace(command: Command, program: string, plan: Plan, world: World): Promise<Ending> {
  if (plan.matrix) return await matrix(command, program, plan, plan.matrix, world);
  const { reason, signal } = await runTrace(plan, requestedType(plan.probe), command.style(program), world);
  return signal ?? command.exitStatus(reason);
}

async function matrix(
  command: Command,
  program: string,
  plan: Plan,
  request: MatrixRequest,
  world: World,
): Promise<Ending> {
  const { runMatrix } = await import('./command/matrix/run-matrix.ts');
  const { isAllThrough, signal } = await runMatrix(plan, request, command.style(program), world);
  return signal ?? (isAllThrough ? 0 : NOT_ALL_THROUGH_STATUS);
}

async function help(command: Command, program: string, { terminal }: World): Promise<string> {
  const { helpText } = await import('./dialects/help.ts');
  return await helpText(program, command.name, command.operands, command.options, terminal?.width);
}

async function completion(command: Command, program: string, shell: CompletionShell): Promise<string> {
  const { completionScript } = await import('./dialects/completion/script.ts');
  return completionScript(shell, program, command.operands, command.options);
}

/** The text for an error that is the user's or the system's. Our own mistakes are thrown on with their stack. */
async function complaint(error: unknown, command: Command, program: string): Promise<string> {
  const known =
    error instanceof UsageError || error instanceof ResolveError || error instanceof TransportError;
  if (!known) throw error;
  return wordsOf(error.message, error instanceof UsageError ? error.hint : {}, command, program);
}

async function wordsOf(
  message: string,
  { unknownOption, showUsage = false, afterUsage }: UsageHint,
  command: Command,
  program: string,
): Promise<string> {
  const hint = unknownOption === undefined ? '' : await hintFor(unknownOption, command);
  const isLong = hint.startsWith('(');
  const last = hint === '' || isLong ? afterUsage : `${oneLine(unknownOption ?? '')}: ${hint}`;
  const prefix = command.prefix(program);
  return [
    message === '' ? '' : `${prefix}${message}${isLong ? ` ${hint}` : ''}\n`,
    showUsage ? command.usage(program) : '',
    last === undefined ? '' : `${prefix}${last}\n`,
  ].join('');
}

async function hintFor(option: string, command: Command): Promise<string> {
  const { hint } = await import('./dialects/hint.ts');
  return hint(option, command.name, command.options);
}
