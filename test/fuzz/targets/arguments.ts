/** What users type: both dialects' arguments and the library's options. They are taken, or refused in words with UsageError. */
import assert from 'node:assert/strict';
import { parseBsd } from '../../../src/dialects/bsd.ts';
import { bsdOptions } from '../../../src/dialects/bsd-options.ts';
import { requestedShell } from '../../../src/dialects/completion/shell.ts';
import type { DialectContext, Request } from '../../../src/dialects/dialect.ts';
import { planOfMatrix, plansOfTraces, type MeasureOptions } from '../../../src/dialects/library.ts';
import type { OptionTable } from '../../../src/dialects/option-table.ts';
import { parseTcptraceroute } from '../../../src/dialects/tcptraceroute.ts';
import { tcptracerouteOptions } from '../../../src/dialects/tcptraceroute-options.ts';
import { ResolveError, UsageError } from '../../../src/model/errors.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { requestedType } from '../../../src/command/requested-type.ts';
import { asciiName } from '../../../src/net/names/host-name.ts';
import { dialectContext } from '../plan.ts';
import { octetsOfTexts, textOf, unlessRefused, type Target } from '../target.ts';

/** Nothing else can be in an argument, so it parts them. */
const END = '\u0000';

const VALUES = [
  '0',
  '1',
  '255',
  '256',
  '65535',
  '65536',
  '0x7f',
  '010',
  '-1',
  '1e3',
  '1.5',
  '99999999999999999999',
  'NaN',
];
const ODD = [
  '',
  '=',
  '--',
  '-',
  ',',
  '/',
  ':',
  '+',
  '%',
  '\u001b[2J',
  '\u009b',
  '\u202e',
  '\ud800',
  'constructor',
  '__proto__',
];

/** The error that refuses something, whose words are shown. */
function isShownRefusal(error: unknown): boolean {
  return error instanceof UsageError || error instanceof ResolveError;
}

/** Checks that a plan can be carried out. */
function assertSound({ firstTtl, maxTtl, attempts, probe, families, host }: Plan): void {
  assert.ok(firstTtl >= 1 && firstTtl <= maxTtl && maxTtl <= 255, `TTL ${firstTtl} to ${maxTtl}`);
  assert.ok(Number.isInteger(attempts) && attempts >= 1);
  assert.ok(families.length > 0);
  requestedType(probe);
  unlessRefused(() => asciiName(host), isShownRefusal);
}

function dialect(
  name: string,
  parse: (argv: readonly string[], context: DialectContext) => Request,
  options: OptionTable<never>,
  ...lines: readonly string[]
): Target {
  const letters = options.flatMap(({ letter, long }) => [`-${letter ?? ''}`, `--${long ?? ''}`]);
  return {
    name,
    seeds: octetsOfTexts(...lines.map((line) => line.split(' ').join(END))),
    words: octetsOfTexts(...[...letters, ...VALUES, ...ODD].map((word) => END + word), ...ODD, END),
    largest: 4096,
    run: (input) => {
      const argv = textOf(input).split(END);
      const context = dialectContext(name);
      unlessRefused(() => {
        if (requestedShell(argv, options) !== undefined) return;
        const request = parse(argv, context);
        if (request.kind === 'trace') assertSound(request.plan);
      }, isShownRefusal);
    },
  };
}

const names = dialectContext('library');

const library: Target = {
  name: 'library',
  seeds: octetsOfTexts(
    '["192.0.2.1",["icmp","tcp/443:ack","udp/53"],{"family":4,"firstTtl":1,"maxTtl":9,"attempts":3,"flows":2}]',
    '["example.com",["tcp/20-34"],{"waitSeconds":0.5,"parallel":8,"gap":3,"pauseMs":1,"length":100,"tos":3}]',
    '["2001:db8::1",["gre"],{"source":"::1","interface":"eth0","transport":"plain","dontFragment":true}]',
    '["x",["default","89"],{}]',
  ),
  words: octetsOfTexts(
    ...VALUES,
    ...['null', '{}', '[]', '""', 'true', '-', ',"udp"', ':syn+ack', '/', '\\u001b', '"tos":', '1e999'],
  ),
  largest: 4096,
  run: (input) => {
    // the text is only the way in which a call comes here; what is no JSON is no call
    const call = unlessRefused(
      () => JSON.parse(textOf(input)) as unknown,
      (error) => error instanceof SyntaxError,
    );
    if (!Array.isArray(call)) return;
    const [host, probes, options] = call as [string, readonly string[], MeasureOptions | null | undefined];
    if (typeof options !== 'object' || options === null) return;
    unlessRefused(() => {
      assertSound(planOfMatrix(host, probes, options, names).plan);
    }, isShownRefusal);
    unlessRefused(
      () => {
        for (const plan of plansOfTraces([host], probes[0], options, names)) {
          if ('error' in plan) assert.ok(isShownRefusal(plan.error));
          else assertSound(plan);
        }
      },
      (error) => isShownRefusal(error) || (!Array.isArray(probes) && error instanceof TypeError),
    );
  },
};

export const argumentTargets: readonly Target[] = [
  dialect(
    'traceroute',
    parseBsd,
    bsdOptions,
    '-n -q 1 -m 5 192.0.2.1',
    '-P tcp -p 443 --tcp-flags syn,ack host.example 100',
    '-g 10.0.0.1 -g 10.0.0.2 -s 10.0.0.3 -i eth0 -t 16 10.99.0.1',
    '--matrix icmp,udp/53,tcp/20-30:syn --explain --rules nft 10.99.0.1',
    '-6 --flow-label 7 --nat64 64:ff9b::/96 2001:db8::1',
    '-w 3,2,1 -z 0.5 -f 2 -vvSndxFrDaeI 192.0.2.1 65000',
    '--completion bash',
  ),
  dialect(
    'tcptraceroute',
    parseTcptraceroute,
    tcptracerouteOptions,
    '-n -f 1 -m 9 192.0.2.1 443 100',
    '-A -S -E -d -F -l 40 -q 2 -w 1 -i eth0 -s 10.0.0.1 host.example http',
    '-p 4000 -P 5000 --track-port --dnat --no-dnat 192.0.2.1',
    '--matrix default host.example 443',
  ),
  library,
];
