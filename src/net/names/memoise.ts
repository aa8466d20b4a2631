/**
 * Keeps answers for the run: `ask` is called once for the same arguments, and later and concurrent callers share
 * what it answered.
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
