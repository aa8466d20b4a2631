/** The network of a seed, and the plain trace that is run over it. */
import type { Matcher } from '../../../sim/path-format.ts';
import type { Draw } from '../draw.ts';
import { drawChain, TARGET, type Draft } from '../draft.ts';
import { withExtras } from '../extras.ts';
import { drawOf } from '../network.ts';
import { PLAIN_KINDS } from './kinds.ts';

/** A command line that traces with TCP, as far as networks tell its probes apart. */
interface PlainProbe {
  readonly command: 'traceroute' | 'tcptraceroute';
  readonly options: readonly string[];
  /** Behind the host. */
  readonly operands: readonly string[];
  /** The matchers that mean its probes. */
  readonly kinds: readonly Matcher[];
}

/** A network and a trace over it. */
export interface PlainNetwork extends Draft {
  readonly seed: number;
  readonly kind: string;
  readonly probe: PlainProbe;
}

/**
 * Draws both.
 * @param kind - one of `PLAIN_KINDS`; a drawn one unless given
 * @throws Error when there is no such kind
 */
export function plainNetworkOf(seed: number, kind?: string): PlainNetwork {
  const draw = drawOf(seed);
  const drawn = draw.one(Object.keys(PLAIN_KINDS));
  const name = kind ?? drawn;
  const make = PLAIN_KINDS[name];
  if (!make)
    throw new Error(`no such kind of network: ${name} (one of ${Object.keys(PLAIN_KINDS).join(', ')})`);
  const probe = drawProbe(draw);
  const chain = drawChain(draw, { text: '', columns: [{ name: 'it', kinds: probe.kinds }] });
  const isPlain = name === 'clean' || draw.chance(0.3);
  return { ...make(isPlain ? chain : withExtras(chain, draw), draw), seed, kind: name, probe };
}

function drawProbe(draw: Draw): PlainProbe {
  const port = draw.one([22, 80, 443, 8080]);
  const attempts = draw.one([[], [], ['-q', '1'], ['-q', '2'], ['-q', '5']]);
  const waits = draw.one([[], [], [], ['-w', '2'], ['--parallel', '8']]);
  const asked = ['-n', '--json', ...attempts, ...waits];
  if (draw.chance(0.6)) {
    const isAck = draw.chance(0.2);
    const options = isAck ? [...asked, '-A'] : asked;
    const kinds = ['tcp', isAck ? 'ack' : 'syn', `tcp:${port}`];
    return { command: 'tcptraceroute', options, operands: [String(port)], kinds };
  }
  const isFixed = draw.chance(0.6);
  const options = [...asked, '-P', 'tcp', '-p', String(port), ...(isFixed ? ['-e'] : [])];
  // else the ports count up
  const kinds = ['tcp', 'syn', ...(isFixed ? [`tcp:${port}`] : [])];
  return { command: 'traceroute', options, operands: [], kinds };
}

/** The command line, without the command. */
export function argvOf({ family, probe: { options, operands } }: PlainNetwork): readonly string[] {
  return [...options, TARGET[family], ...operands];
}
