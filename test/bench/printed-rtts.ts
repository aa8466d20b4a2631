/** Reads the times that a traceroute has printed. */

/** Answers RTTs in microseconds, in the order of TTL and attempt; undefined for a star. */
export function printedRttsUs(stdout: string): (number | undefined)[] {
  const hops = stdout.split('\n').filter((line) => /^\s*\d+\s/.test(line));
  return hops.flatMap((line) =>
    Array.from(line.matchAll(/(?<=\s)(?<ms>\d+\.\d+)(?= ms)|\s\*(?=\s|$)/g), (found) => {
      const ms = found.groups?.['ms'];
      return ms === undefined ? undefined : Number(ms) * 1000;
    }),
  );
}
