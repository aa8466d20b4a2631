/** Loads packages that an installation may lack. */
import { createRequire } from 'node:module';

/** A transport lacks something that it needs. The message says what to install, if that helps. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/**
 * Loads a package of optionalDependencies, and returns its exports.
 * @throws UnavailableError when the package is not installed, or does not load here
 */
export function requirePackage(name: string): unknown {
  try {
    return createRequire(import.meta.url)(name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException; // require throws nothing else
    const [firstLine = ''] = message.split('\n', 1);
    const isMissing = code === 'MODULE_NOT_FOUND' && firstLine.includes(`'${name}'`);
    const why = isMissing ? `is not installed (npm install ${name})` : `does not load: ${firstLine}`;
    throw new UnavailableError(`${name} ${why}`, { cause: error });
  }
}
