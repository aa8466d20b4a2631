/**
 * The `require` of the bundled commands. They are one script, and parts that are loaded when a command needs them. Each
 * part is a function of `require`. A module that script and parts need is in the script alone.
 */

/** Loads a module by its name; a part's begins with `./`. */
export type Require = (name: string) => unknown;

/** The script's value. Its keys are the files that the modules were before they were bundled. */
interface Program<Commands> {
  readonly commands: Commands;
  /** Gathers the exports of a module that parts need. */
  readonly shared: Readonly<Record<string, () => unknown>>;
  readonly parts: readonly string[];
}

/** The script: a function of `require` and of its place, as every CommonJS module is one. */
export type Script<Commands> = (require: Require, file: string, folder: string) => Program<Commands>;

/** The commands, and a way to have all their parts. */
interface Evaluated<Commands> {
  readonly commands: Commands;
  /** Loads every part that this installation can load: later the right to read them may be gone. */
  readonly loadParts: () => void;
}

/**
 * Evaluates the script at once, and each part when something first asks for it.
 * @param requireModule - loads packages and the files of the parts
 */
export function evaluate<Commands>(script: Script<Commands>, requireModule: Require): Evaluated<Commands> {
  const loaded = new Map<string, unknown>();
  const { commands, shared, parts } = script(requirePart, import.meta.filename, import.meta.dirname);
  return { commands, loadParts };

  /** Keeps what it has loaded: Node looks each module up anew. */
  function requirePart(name: string): unknown {
    return loaded.get(name) ?? load(name);
  }

  function load(name: string): unknown {
    const exports = name.startsWith('./') ? evaluatePart(name) : requireModule(name);
    loaded.set(name, exports);
    return exports;
  }

  function evaluatePart(name: string): unknown {
    const gather = shared[name];
    return gather ? gather() : (requireModule(name) as (require: Require) => unknown)(requirePart); // by build/parts.ts
  }

  function loadParts(): void {
    for (const name of parts) {
      try {
        requirePart(name);
      } catch {
        // the package that it is made for is not installed, so nothing will ask for it
      }
    }
  }
}
