/**
 * Keeps debuggers and the code of others out of a run that has rights which its user has not. Node opens its inspector on
 * SIGUSR1, which bin/no-debugger.ts takes, and for options, which come from the command line and the environment.
 */
import { readFileSync } from 'node:fs';

/**
 * Variables that have Node or the dynamic linker load code, open a debugger, or write files and lines of their own. sudo
 * drops them, as do Node and the linker themselves for a file with capabilities, all but two: NODE_V8_COVERAGE, NODE_DEBUG.
 */
const VARIABLES = [
  ...['NODE_OPTIONS', 'NODE_V8_COVERAGE', 'NODE_DEBUG', 'NODE_DEBUG_NATIVE', 'NODE_PATH'],
  ...['NODE_COMPILE_CACHE', 'NODE_REDIRECT_WARNINGS', 'NODE_ICU_DATA', 'OPENSSL_CONF'],
  ...['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'LD_DEBUG', 'LD_DEBUG_OUTPUT', 'LD_PROFILE'],
  ...['GCONV_PATH', 'LOCPATH', 'GLIBC_TUNABLES', 'NODE_CHANNEL_FD'],
] as const;
/**
 * Options of Node that open no debugger and write no file. Those that load code have loaded it before the first statement of
 * a command: to refuse them would be of no use.
 */
const HARMLESS =
  /^(?:[^-]|-r$|--(?:disable-sigusr1|no-deprecation|no-warnings|max-old-space-size|require|import|loader|experimental-loader)(?:=|$))/;

/** The line that refuses a run which was started with a way into it, and with a right of somebody else; else undefined. */
export function refusedStart(): string | undefined {
  const way = VARIABLES.find((name) => (process.env[name] ?? '') !== '') ?? harmfulOption();
  if (way === undefined || !hasRightsOfOthers()) return undefined;
  return `${way} is not for a run with rights that its user has not (start it without)`;
}

function harmfulOption(): string | undefined {
  const option = process.execArgv.find((word) => !HARMLESS.test(word))?.split('=', 1)[0];
  return option === undefined ? undefined : `${option} of node`;
}

/** True under sudo, and where the program's file brought rights. Root that called itself has them of its own. */
function hasRightsOfOthers(): boolean {
  if (process.geteuid?.() !== 0) return hasCapabilities();
  return process.getuid?.() !== 0 || (process.env['SUDO_UID'] ?? '0') !== '0';
}

function hasCapabilities(): boolean {
  try {
    return /^CapPrm:\s*0*[^0\s]/m.test(readFileSync('/proc/self/status', 'latin1'));
  } catch {
    return false; // only Linux has them
  }
}

/** True when a debugger may connect to this process. */
export function isDebugged(): boolean {
  return process.getBuiltinModule('node:inspector').url() !== undefined;
}
