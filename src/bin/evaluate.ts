/**
 * The `require` of the bundled commands. They are one script, and parts that are loaded when a command needs them. Each
 * part is a function of `require`. A module that script and parts need is in the script alone, which exports it.
 */

/** Loads a module by its name; a part's begins with `./`. */
export type Require = (name: string) => unknown;

/** The script's exports. Under the name of a file are the exports that the file had before it was bundled. */
type Exports = Readonly<Record<string, unknown>>;

/** The commands, and a way to have all their parts. */
interface Program<Commands> {
  readonly commands: Commands;
  /** Loads every part that this installation can load: later the right to read them may be gone. */
  readonly loadParts: () => void;
}

/** The script's value: a function of `require` and of its place, as every CommonJS module is one. */
export type Script<Commands extends Exports> = (
  require: Require,
  file: string,
  folder: string,
) => Commands & { readonly parts?: readonly string[] };

/**
 * Evaluates the script at once, and each part when something first asks for it.
 * @param requireModule - loads packages and the files of the parts
 * @returns the script's exports; among them, `parts` names all parts
 */
export function evaluate<Commands extends Exports>(
  script: Script<Commands>,
  requireModule: Require,
): Program<Commands> {
  const parts = new Map<string, unknown>();
  const commands = script(requirePart, import.meta.filename, import.meta.dirname);
  return { commands, loadParts };

  function requirePart(name: string): unknown {
    if (!name.startsWith('./')) return requireModule(name);
    return commands[name] ?? parts.get(name) ?? loadPart(name);
  }

  function loadPart(name: string): unknown {
    const part = (requireModule(name) as (require: Require) => unknown)(requirePart); // by build/parts.ts
    parts.set(name, part);
    return part;
  }
  function loadParts(): void {
    for (const name of commands.parts ?? []) {
      try {
        requirePart(name);
      } catch {
        // the package that it is made for is not installed, so nothing will ask for it
      }
    }
  }
}
