/** Both commands take the common options whole: src/dialects/common.ts and common-settings.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBsd } from '../../src/dialects/bsd.ts';
import { commonSettings } from '../../src/dialects/common-settings.ts';
import type { DialectContext, Request } from '../../src/dialects/dialect.ts';
import type { OptionText } from '../../src/dialects/option-table.ts';
import { parseTcptraceroute } from '../../src/dialects/tcptraceroute.ts';
import { WELL_KNOWN_PREFIX } from '../../src/model/nat64.ts';
import type { Plan } from '../../src/model/plan.ts';

const HOST = '192.0.2.1';
const members = Object.keys(commonSettings) as (keyof typeof commonSettings)[]; // keys() forgets the names
const dialects = { traceroute: parseBsd, tcptraceroute: parseTcptraceroute };
type Program = keyof typeof dialects;
const programs = ['traceroute', 'tcptraceroute'] as const satisfies readonly Program[];

const context: DialectContext = {
  program: 'traceroute',
  defaultTtl: 64,
  protocolNumber: () => undefined,
  servicePort: () => undefined,
  warn: () => undefined,
};

function planBy(program: Program, ...argv: readonly string[]): Plan {
  const request: Request = dialects[program]([...argv, HOST], context);
  return request.kind === 'trace' ? request.plan : assert.fail(`this asks for a ${request.kind}`);
}

/** Values for the options that take one, by what help calls it. */
const SAMPLES: Readonly<Record<string, string>> = { N: '7', PREFIX: '2001:db8:64::/96', FILE: '/dev/null' };

/** The option, with a value that it takes. */
function sampleOf({ long, argument, choices }: OptionText): string[] {
  if (argument === undefined) return [`--${long}`];
  const value = choices?.at(-1) ?? SAMPLES[argument];
  assert.ok(value !== undefined, `SAMPLES of this test has a value for ${argument}`);
  return [`--${long}`, value];
}

for (const member of members) {
  const { initial, options } = commonSettings[member];

  describe(`the options that set plan.${member}`, () => {
    for (const program of programs) {
      it(`${program} has the default of plan.${member} without options`, () => {
        const plan = planBy(program);
        assert.deepEqual(plan[member], initial);
        assert.equal(member in plan, initial !== undefined);
      });
    }

    for (const option of options) {
      const argv = sampleOf(option);
      it(`${argv.join(' ')} sets plan.${member} alone, and the same in both commands`, () => {
        const [value, other] = programs.map((program) => planBy(program, ...argv)[member]);
        assert.notEqual(value, undefined);
        assert.deepEqual(value, other);
        for (const program of programs) {
          assert.deepEqual(planBy(program, ...argv), { ...planBy(program), [member]: value });
        }
      });
    }

    it(`plan.${member} can be changed`, () => {
      const values = options.map((option) => planBy('traceroute', ...sampleOf(option))[member]);
      assert.ok(values.some((value) => value !== initial));
    });
  });
}

describe('common options that come again', () => {
  it('--nat64 adds one prefix each time, behind the known one', () => {
    const { nat64 } = planBy('traceroute', '--nat64', '2001:db8::/32', '--nat64', '2001:db8:1::/48');
    assert.deepEqual(
      nat64.map(({ bits }) => bits),
      [WELL_KNOWN_PREFIX.bits, 32, 48],
    );
  });

  it('the last of several options for one member counts', () => {
    assert.equal(planBy('traceroute', '--dnat', '--no-dnat-strict').translation, 'ignore');
    assert.equal(planBy('tcptraceroute', '--fast', '--parallel', '2').parallel, 2);
  });
});
