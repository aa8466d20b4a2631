/** Completion scripts: static text, made from the option table. Loaded only on demand. */
import type { OptionTable } from '../option-table.ts';
import { bashScript } from './bash.ts';
import { operandsOf, type CommandLine } from './command-line.ts';
import { fishScript } from './fish.ts';
import type { CompletionShell } from './shell.ts';
import { zshScript } from './zsh.ts';

const scripts: Readonly<Record<CompletionShell, (command: CommandLine) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/**
 * The script that makes a shell complete a command.
 * @param operands - as the usage line has them: `host [packetlen]`
 */
export function completionScript(
  shell: CompletionShell,
  program: string,
  operands: string,
  options: OptionTable<never>,
): string {
  return scripts[shell]({ program, options, operands: operandsOf(operands) });
}
