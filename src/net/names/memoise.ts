/**
 * Keeps answers for the run: calls `ask` once for the same arguments. Later and concurrent callers share the promise,
 * a rejected one too.
 */
export function memoise<Arguments extends readonly string[], T>(
  ask: (...parameters: Arguments) => Promise<T>,
): (...parameters: Arguments) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (...parameters) => {
    const key = parameters.join(' ');
    const known = answers.get(key);
    if (known) return known;
    const answer = ask(...parameters);
    answers.set(key, answer);
    return answer;
  };
}
