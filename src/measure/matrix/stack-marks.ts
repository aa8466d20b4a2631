/** What the headers of an answer tell of the system that made it. */
import type { Reply, StackMarks, TcpMarks } from '../../model/reply.ts';
import { uint16At } from '../../wire/bytes.ts';
import { decodeIpv4 } from '../../wire/ipv4.ts';
import { decodeTcp, tcpOptions } from '../../wire/tcp.ts';
import { WireError } from '../../wire/wire-error.ts';

/** The option that holds the largest segment. RFC 9293 section 3.7.1 */
const MSS_OPTION = 2;

/** Reads the marks of an answer. Those that its octets do not have are absent. */
export function stackMarks({ octets, hasHeader, kind }: Reply): StackMarks {
  try {
    const header = hasHeader ? decodeIpv4(octets) : undefined;
    const segment = octets.subarray(header?.headerLength ?? 0);
    const isSegment = kind.type === 'answer' && kind.tcp !== undefined;
    return { ...(header ? ipMarks(header) : {}), ...(isSegment ? { tcp: tcpMarks(segment) } : {}) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return {};
  }
}

function ipMarks({ identification, dontFragment }: ReturnType<typeof decodeIpv4>): StackMarks {
  return { identification, dontFragment };
}

function tcpMarks(segment: Uint8Array): TcpMarks {
  const { flags, window } = decodeTcp(segment);
  const options = tcpOptions(segment);
  const mss = options.find(({ kind, data }) => kind === MSS_OPTION && data.length === 2);
  return {
    flags,
    window,
    ...(mss ? { mss: uint16At(mss.data, 0) } : {}),
    options: options.map(({ kind }) => kind),
  };
}
