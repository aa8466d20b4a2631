/** How rule languages match TCP segments by their control bits. */
import type { FilterWords, PacketFacts, ProbeTraits } from '../src/model/probe-traits.ts';
import { TCP_FLAG } from '../src/wire/codes.ts';

const { fin, syn, rst, psh, ack, urg, ece, cwr } = TCP_FLAG;

/** Each bit as nft(8) and pf.conf(5) call it. The former's `ecn` is ECE alone. */
const BITS = [
  { bit: fin, nft: 'fin', pf: 'F', ios: 'fin' },
  { bit: syn, nft: 'syn', pf: 'S', ios: 'syn' },
  { bit: rst, nft: 'rst', pf: 'R', ios: 'rst' },
  { bit: psh, nft: 'psh', pf: 'P', ios: 'psh' },
  { bit: ack, nft: 'ack', pf: 'A', ios: 'ack' },
  { bit: urg, nft: 'urg', pf: 'U', ios: 'urg' },
  { bit: ece, nft: 'ecn', pf: 'E' },
  { bit: cwr, nft: 'cwr', pf: 'W' },
] as const;
/** The bits that lists of IOS see. */
const IOS_BITS = BITS.filter((row) => 'ios' in row);

/**
 * The words for a segment. A bare SYN asks for a connection, so its rule has to let the whole connection pass: it goes by
 * the port. Any other segment stands for itself, and its rule matches all of its bits.
 */
function wordsFor(exact: (flags: number, packet: PacketFacts) => Partial<FilterWords>) {
  return (packet: PacketFacts): FilterWords => {
    const { tcpFlags } = packet;
    const plain = { name: 'tcp', matchesPort: true } as const;
    if (tcpFlags === syn) return plain;
    const state = opensTracked(tcpFlags) ? {} : ({ isUntracked: true } as const);
    return { ...plain, ...state, ...exact(tcpFlags, packet) };
  };
}

/**
 * Tells whether filters that keep state take the segment for the first of a connection. Linux: tcp_valid_flags and
 * tcp_conntracks of nf_conntrack_proto_tcp.c, where PSH, URG, ECE and CWR do not count.
 */
function opensTracked(flags: number): boolean {
  return (flags & (syn | ack | fin | rst)) === syn;
}

/** `tcp flags == fin | psh`: nft(8), "TCP header". All eight bits are compared. */
function nftMatch(flags: number): string {
  const names = BITS.filter(({ bit }) => flags & bit).map(({ nft }) => nft);
  return `tcp flags == ${names.join(' | ') || '0x0'}`;
}

/** `flags FP/FSRPAUEW`: pf.conf(5), "flags". */
function pfMatch(flags: number): string {
  const letters = (rows: readonly { readonly pf: string }[]): string => rows.map(({ pf }) => pf).join('');
  return `flags ${letters(BITS.filter(({ bit }) => flags & bit))}/${letters(BITS)}`;
}

const PF_SCRUBS =
  'pf that scrubs drops these flags before it reads rules, or clears them (OpenBSD always scrubs)';

/** pf_normalize_tcp() of pf_norm.c: what scrubbing does not let pass as it is. */
function isScrubbed(flags: number): boolean {
  if (flags & syn && flags & (rst | fin)) return true;
  if (!(flags & (syn | ack | rst))) return true;
  return !(flags & ack) && (flags & (fin | psh | urg)) !== 0;
}

/** IOS "ACL TCP Flags Filtering": `match-all` with a sign for each bit. Lists for IPv6 have the plain words alone. */
function iosWords(flags: number, { family }: PacketFacts): Partial<FilterWords> {
  const isSet = ({ bit }: { readonly bit: number }): boolean => (flags & bit) !== 0;
  if (family === 4) {
    const signs = IOS_BITS.map((row) => (isSet(row) ? '+' : '-') + row.ios).join(' ');
    const note = flags & (ece | cwr) ? { note: 'an access list does not see ECE and CWR' } : {};
    return { match: `match-all ${signs}`, ...note };
  }
  const words = IOS_BITS.filter(isSet).map(({ ios }) => ios);
  if (words.length === 0) {
    return { note: 'an IPv6 access list cannot match absent flags: this lets every segment pass' };
  }
  return {
    match: words.join(' '),
    note: 'an IPv6 access list matches segments with any of these flags, whatever else they have',
  };
}

/** What a target answers is a SYN-ACK or a RST; `established` is ACK or RST. */
const IOS_ANSWER = 'established';

/** The words of all languages. */
export const tcpFilters: ProbeTraits['filters'] = {
  nft: wordsFor((flags) => ({ match: nftMatch(flags) })),
  pf: wordsFor((flags) => ({
    match: pfMatch(flags),
    answerMatch: 'flags any',
    ...(isScrubbed(flags) ? { note: PF_SCRUBS } : {}),
  })),
  ios: (packet) => ({ answerMatch: IOS_ANSWER, ...wordsFor(iosWords)(packet) }),
  aws: wordsFor(() => ({ note: 'a security group does not see TCP flags: this opens the port' })),
};
