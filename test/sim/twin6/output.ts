/** The recorded output over IPv6. */
import type { PathFormat } from '../path-format.ts';
import { toIpv6 } from './address.ts';
import { errorOf } from './errors.ts';
import { withLonger } from './length.ts';
import { LEAST_MTU } from './path.ts';

const LETTERS = / !(?:[A-Zp]|<\d+>)(?= |$)/gm;
/** What -D calls the octets of an IP header. */
const KEY4 = 'vhtslen id  off tlprsum srcip   dstip   ';
const KEY6 = 'vcflowlblen nxhlsrcip                           dstip                           ';
/** Of the first quoted octets, the one that routers have changed: the 9th in IPv4, the 8th in IPv6. */
const CHANGED_TTL = { 4: '________________hh__', 6: '______________hh____' } as const;

/** The code of a letter that turns show; a path with `code` has that one alone. */
const CODE_OF_LETTER: Readonly<Record<string, number>> = {
  ' !N': 0,
  ' !H': 1,
  ' !p': 3,
  ' !X': 13,
  ' !A': 13,
};

/** Makes standard output over IPv6 of what was recorded over the path. */
export function twinOutput(stdout: string, { hops }: PathFormat): string {
  const code = hops.find((hop) => hop.code !== undefined)?.code;
  return withLonger(toIpv6(stdout))
    .replace(LETTERS, (letters) => {
      const known = code ?? CODE_OF_LETTER[letters];
      return known === undefined ? letters : errorOf(known).letters;
    })
    .replace(/ !F-\d+/g, ` !F-${LEAST_MTU}`)
    .replaceAll(KEY4, KEY6)
    .replaceAll(CHANGED_TTL[4], CHANGED_TTL[6]);
}
