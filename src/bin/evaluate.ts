/**
 * The `require` of the bundled commands. They are one script and some files that are loaded when they are needed, each
 * a function of `require`: what they have in common is in the script alone, and they get it from its exports.
 */

type Require = (name: string) => unknown;

/** That of the launcher, which this is bundled into. */
const requireModule: Require = require;

/** The script's exports, and under the name of a file what that one exported before it was bundled. */
type Exports = Readonly<Record<string, unknown>>;

/** What the script is: a function of `require` and of where it is, as of every CommonJS module. */
export type Script<Commands extends Exports> = (require: Require, file: string, folder: string) => Commands;

/** Evaluates the script, and each part once it asks for it. */
export function evaluate<Commands extends Exports>(script: Script<Commands>): Commands {
  const parts = new Map<string, unknown>();
  const commands = script(requirePart, import.meta.filename, import.meta.dirname);
  return commands;

  function requirePart(name: string): unknown {
    if (!name.startsWith('./')) return requireModule(name);
    return commands[name] ?? parts.get(name) ?? loadPart(name);
  }

  function loadPart(name: string): unknown {
    const part = (requireModule(name) as (require: Require) => unknown)(requirePart); // by build/parts.ts
    parts.set(name, part);
    return part;
  }
}
