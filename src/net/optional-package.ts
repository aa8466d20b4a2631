/** Loads packages that an installation may lack. */
import { createRequire } from 'node:module';
import { isCutShort } from './native-library.ts';

/** A transport lacks something that it needs. The message says what to install, if that helps. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/** A package is installed, and a file of it is damaged. */
export class DamagedPackageError extends UnavailableError {
  override readonly name = 'DamagedPackageError';

  /** @param file - the library that is cut short */
  constructor(name: string, file: string) {
    super(`${name} does not load: ${file} is cut short (install it again)`);
  }
}

/**
 * Loads a package of optionalDependencies, and returns its exports.
 * @throws UnavailableError when the package is not installed, or does not load here
 */
export function requirePackage(name: string): unknown {
  let damaged: string | undefined;
  const own = Object.getOwnPropertyDescriptor(process, 'dlopen');
  const dlopen = process.dlopen.bind(process);
  process.dlopen = (module: object, file: string, ...flags: [number?]) => {
    if (isCutShort(file)) throw new DamagedPackageError(name, (damaged = file));
    dlopen(module, file, ...flags);
  };
  try {
    return createRequire(import.meta.url)(name);
  } catch (error) {
    if (damaged !== undefined) throw new DamagedPackageError(name, damaged);
    const { code, message } = error as NodeJS.ErrnoException; // require throws nothing else
    const [firstLine = ''] = message.split('\n', 1);
    const isMissing = code === 'MODULE_NOT_FOUND' && firstLine.includes(`'${name}'`);
    const why = isMissing ? `is not installed (npm install ${name})` : `does not load: ${firstLine}`;
    throw new UnavailableError(`${name} ${why}`, { cause: error });
  } finally {
    if (own) Object.defineProperty(process, 'dlopen', own);
  }
}
