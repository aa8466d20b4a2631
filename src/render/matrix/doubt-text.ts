/** A doubt about an answer in the target's name, in a few words behind `but` or a semicolon. */
import type { Doubt } from '../../verdict/doubt.ts';

/** The words for a doubt. */
export function doubtText(doubt: Doubt): string {
  switch (doubt.type) {
    case 'router beyond':
      return `${doubt.from} answers ${doubt.column.name} at hop ${doubt.ttl}${pathText(doubt.path)}`;
    case 'target beyond':
      return `the target answers ${doubt.column.name} at hop ${doubt.ttl} alone${pathText(doubt.path)}`;
    case 'arrival ttl':
      return `it arrives with TTL ${doubt.own}, ${other(doubt)} with ${doubt.other}`;
    case 'round trip':
      return `it took ${doubt.own.toFixed(1)} ms, the answer to ${doubt.column.name} ${doubt.other.toFixed(1)}`;
    case 'stack':
      return `its TCP ${FIELDS[doubt.field]} is not that of the answer to ${doubt.column.name}`;
    case 'other address':
      return 'not from the address that was asked';
    case 'unsteady':
      return `${doubt.from} refused another such probe at hop ${doubt.ttl}`;
  }
}

const FIELDS = { mss: 'MSS', window: 'window', options: 'option list', dontFragment: 'DF bit' } as const;

function other({ isRouter, column }: Extract<Doubt, { type: 'arrival ttl' }>): string {
  return isRouter ? "the last router's answer" : `the answer to ${column.name}`;
}

function pathText(path: 'same' | 'unknown' | 'different'): string {
  return path === 'different' ? ' on another path' : '';
}
