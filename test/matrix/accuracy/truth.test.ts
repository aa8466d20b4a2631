import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressOf } from '../../../src/model/address.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { decodeIcmp } from '../../../src/wire/icmpv4.ts';
import { encodeSctp, encodeSctpChunk, SCTP_CHUNK } from '../../../src/wire/sctp.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { readDatagram } from '../../sim/datagram.ts';
import { tcpFlags } from '../../sim/filter.ts';
import { datagramOf, echoProbe, tcpProbe, udpProbe, type ProbeFields } from '../../sim/make-probe.ts';
import { answer } from '../../sim/path.ts';
import { openPath } from '../../sim/path-state.ts';
import { meets, type Column } from './columns.ts';
import { TARGET } from './draft.ts';
import { networkOf, type Network } from './network.ts';
import { coursesOf, type Course } from './truth.ts';

const SEEDS = 400;
const LARGE_TTL = 64;
/** Draws it, and nothing gets lost. */
const LUCK = (): number => 0.999;
const ESP = 50;

/** A probe of a column, made without the program's own probes. */
function probeOf(network: Network, column: Column, ttl: number): Uint8Array {
  const [protocol = '', port] = (column.kinds.at(-1) ?? '').split(':');
  const fields: ProbeFields = {
    ttl,
    destination: TARGET[network.family],
    dontFragment: network.length !== undefined,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(network.length === undefined || column.name.startsWith('udp/') ? {} : { length: 1352 }),
  };
  switch (protocol) {
    case 'icmp':
      return echoProbe(fields);
    case 'udp':
      return udpProbe(fields);
    case 'tcp':
      return tcpProbe({ ...fields, flags: meets(column, 'ack') ? TCP_FLAG.ack : TCP_FLAG.syn });
    case 'sctp':
      return sctpProbe(fields);
    default: {
      const transport = new Uint8Array(8 + (fields.length ?? 0));
      return datagramOf(protocol === 'proto' ? ESP : IP_PROTOCOL.gre, transport, fields);
    }
  }
}

function sctpProbe({ port = 0, length = 0, ...fields }: ProbeFields): Uint8Array {
  const header = { sourcePort: 50_000, destinationPort: port, verificationTag: 0 };
  const init = encodeSctpChunk({ type: SCTP_CHUNK.init, flags: 0, value: new Uint8Array(16) });
  const padding = encodeSctpChunk({ type: SCTP_CHUNK.init, flags: 0, value: new Uint8Array(length) });
  const chunks = length > 0 ? [init, padding] : [init];
  return datagramOf(IP_PROTOCOL.sctp, encodeSctp(header, chunks, true), fields);
}

/** What a path says to one probe: who, and what; undefined where it says nothing. */
function said(network: Network, column: Column, ttl: number): { from: string; what: string } | undefined {
  const [reply] = answer(openPath(network.path, LUCK), probeOf(network, column, ttl));
  if (!reply) return undefined;
  const datagram = readDatagram(reply.octets);
  return { from: addressOf(datagram.source), what: whatOf(datagram) };
}

function whatOf(datagram: ReturnType<typeof readDatagram>): string {
  const flags = tcpFlags(datagram);
  if (flags !== undefined) return flags & TCP_FLAG.rst ? 'RST' : 'SYN-ACK';
  if (datagram.protocol !== IP_PROTOCOL.icmp && datagram.protocol !== IP_PROTOCOL.icmpv6) return 'answer';
  const { type, code } = decodeIcmp(datagram.transport);
  const time = datagram.family === 4 ? 11 : 3;
  return type === time ? 'time exceeded' : `${type}/${code}`;
}

/** Whether what is said to a probe of a large TTL is what the last fate of a course lets expect. */
function fits(network: Network, column: Column, { way: { dst }, fates }: Course): boolean {
  const fate = fates.at(-1);
  const last = said(network, column, LARGE_TTL);
  const names = [dst.addr, dst.addr6, dst.from, dst.from6];
  switch (fate?.end) {
    case 'arrives':
      if (fate.state === 'mute') return last === undefined;
      if (!last || !names.includes(last.from)) return false;
      return isSaidBy(column, fate.state, last.what) && beginsAt(network, column, fate.hop);
    case 'dropped':
      return last === undefined;
    case 'rejected':
    case 'unreachable': {
      const own = [fate.hop.addr, fate.hop.addr6 ?? []].flat();
      return last !== undefined && own.includes(last.from) && beginsAt(network, column, fate.at + 1);
    }
    case 'forged':
      return last?.from === TARGET[network.family] && beginsAt(network, column, fate.at + 1);
    case 'loop':
      return last === undefined || last.what === 'time exceeded';
    default:
      return false;
  }
}

function isSaidBy(column: Column, state: string, what: string): boolean {
  if (!meets(column, 'tcp')) return what !== 'time exceeded';
  return what === (state === 'open' ? 'SYN-ACK' : 'RST');
}

/** Whether the last word is said from this TTL on, and not before. A router that says the wrong word is not asked. */
function beginsAt(network: Network, column: Column, ttl: number): boolean {
  const { code, turns } = network.path.hops[ttl - 2] ?? {};
  if (code !== undefined || turns) return true;
  const [before, at] = [ttl - 1, ttl].map((each) => said(network, column, each)?.what);
  return (before === undefined || before === 'time exceeded') && at !== undefined && at !== 'time exceeded';
}

describe('the truth of a network', () => {
  it('is what its path says to each probe', () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const network = networkOf(seed);
      for (const column of network.typed.columns) {
        const courses = coursesOf(network, column);
        const isTrue = courses.some((course) => fits(network, column, course));
        if (!isTrue) wrong.push(`seed ${seed} (${network.kind}): ${column.name}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('is drawn again from the same seed', () => {
    assert.deepEqual(networkOf(7), networkOf(7));
    assert.notDeepEqual(networkOf(7).path, networkOf(8).path);
  });

  it('names the kinds where there is no such kind', () => {
    assert.throws(() => networkOf(1, 'nonsense'), /no such kind of network: nonsense \(one of clean, /);
  });
});
