import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MissingRightError, TransportError } from '../../../src/model/errors.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { MatrixColumn } from '../../../src/verdict/matrix.ts';
import { readMatrix } from '../../../src/verdict/facts.ts';
import { explanation } from '../../../src/render/matrix/explain.ts';
import type { RuleFlow } from '../../../src/render/matrix/rules/rule-flow.ts';
import { answer, column, matrix, reply, TARGET, unreachable } from '../../matrix/make-matrix.ts';

const [R1, R2, R3] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;
const WAY = [reply(R1), reply(R2), reply(R3)] as const;
const AT = '2026-05-04T03:02:01Z';
const FLOW: RuleFlow = {
  family: 4,
  source: '192.0.2.20',
  target: TARGET,
  sourcePort: 40000,
  port: 22,
  protocol: 6,
};
const icmp = column('icmp', [...WAY, answer()]);

/** The paragraph on the first column in one line, and the rules. */
function explained(...columns: readonly MatrixColumn[]): { text: string; rules: string[] } {
  const verdict = judge(readMatrix(matrix(...columns)))[0] ?? assert.fail();
  const isRule = (line: string) => /^ {4}(nftables|pf): /.test(line);
  const linesAt = (width: number) => explanation(verdict, FLOW, { at: AT, rules: ['nft', 'pf'], width });
  for (const width of [60, 100, Infinity]) {
    assert.ok(linesAt(width).every((line) => line.startsWith('    ')));
    const text = linesAt(width).filter((line) => !isRule(line));
    assert.ok(text.every((line) => line.length <= Math.min(100, width)));
  }
  const lines = linesAt(100);
  const words = lines.filter((line) => !isRule(line)).map((line) => line.trim());
  return { text: words.join(' '), rules: lines.filter(isRule) };
}

const TCP22 = 'TCP (SYN) from 192.0.2.20 port 40000 to 198.51.100.7 port 22';

describe('explanations', () => {
  const cases: readonly (readonly [columns: readonly MatrixColumn[], text: RegExp])[] = [
    [
      [column('tcp/22', [...WAY, answer('closed')])],
      /arrives, and the target says that nothing listens there: nothing on the way stops it\. A filter on the target itself may say the same\.$/,
    ],
    [
      [column('tcp/22', [reply(R1), reply(R2), unreachable(R2, 13)])],
      /is rejected by 10\.0\.0\.2 \(hop 2\), which says: administratively prohibited\. A rule there has to allow it:$/,
    ],
    [
      [column('tcp/22', [reply(R1), reply(R2), unreachable(R2, 1)]), icmp],
      /which says: host unreachable\. A rule there has to allow it:$/,
    ],
    [
      [column('tcp/22', [...WAY, unreachable(TARGET, 13)]), icmp],
      /is rejected by the target itself \(hop 4\)/,
    ],
    [
      [column('tcp/22', [reply(R1), reply(R2), answer('closed')]), icmp],
      /is answered in the name of the target by something at or before hop 3: 10\.0\.0\.3 answers icmp at hop 3\. A filter/,
    ],
    [
      [column('tcp/22', [reply(R1), null, null, null]), icmp],
      /is dropped without a word between hop 1 \(10\.0\.0\.1\) and hop 2 \(10\.0\.0\.2\): the second answers icmp, but not this\. No probe of the same kind shows .* read it as a hint/,
    ],
    [
      [
        column('tcp/22', [reply(R1), null, null, null]),
        column('tcp/22:ack', [...WAY, answer('closed')]),
        icmp,
      ],
      /As tcp\/22:ack passes, the filter goes by the state of connections\./,
    ],
    [
      [column('tcp/22', [...WAY, null]), icmp],
      /gets as far as hop 3 \(10\.0\.0\.3\), and the target does not answer it\. Either a filter/,
    ],
    [
      [column('tcp/22', [...WAY, null]), column('tcp/22:ack', [...WAY, answer('closed')])],
      /It answers tcp\/22:ack, so a filter on or right before it goes by the state of connections: it has to allow it:$/,
    ],
    [[column('tcp/22', [null, null])], /is not answered beyond this machine, nor is anything else/],
    [
      [column('tcp/22', [], { refusedHere: new TransportError('EPERM', 'Operation not permitted') })],
      /does not leave this machine: Operation not permitted \(EPERM\)\. If its own firewall is to let it out:$/,
    ],
  ];
  for (const [columns, text] of cases) {
    it(text.source.slice(0, 60), () => {
      const { text: said, rules } = explained(...columns);
      assert.ok(said.startsWith(`${AT}: ${TCP22} `), said);
      assert.match(said, text);
      const labels = rules.map((rule) => rule.trim().split(':')[0]);
      assert.deepEqual([...new Set(labels)], said.includes('nothing listens') ? [] : ['nftables', 'pf']);
    });
  }

  it('tell what was not sent for want of a right, without a rule', () => {
    const refusedHere = new MissingRightError('TCP control bits besides SYN', 'EPERM');
    const { text, rules } = explained(column('tcp/22', [], { refusedHere }));
    assert.match(text, / is not sent, for want of a raw socket, so that it tells nothing/);
    assert.deepEqual(rules, []);
  });

  it('are none for what is open or reached', () => {
    assert.deepEqual(explained(icmp), { text: '', rules: [] });
    assert.deepEqual(explained(column('tcp/22', [...WAY, answer('open')])), { text: '', rules: [] });
  });
});

describe('explanations where no rule of a filter would help', () => {
  const R4 = '10.0.0.4';
  for (const [what, columns, words] of [
    [
      'of a packet that is too long',
      [
        column('tcp/22', [
          reply(R1),
          { ...unreachable(R2, 4), kind: { type: 'unreachable', code: 4, nextHopMtu: 1280 } },
        ]),
      ],
      /longer than the next link takes, and may not be fragmented\. No filter is to blame\.$/,
    ],
    [
      'of a proxy',
      [
        column('tcp/22', [reply(R1), reply(R2), answer('open')]),
        column('icmp', [...WAY, reply(R4), answer()]),
      ],
      /A proxy there takes such connections: it has to leave these alone/,
    ],
    [
      'of a run that ended too early',
      [column('icmp', [reply(R1), reply(R2)])],
      /where the run ended: a larger -m looks further\.$/,
    ],
  ] as const) {
    it(`offer none: ${what}`, () => {
      const { text, rules } = explained(...columns);
      assert.match(text, words);
      assert.deepEqual(rules, []);
    });
  }
});

describe('explanations where this machine finds nobody', () => {
  it('blame no router, and offer no rule', () => {
    const { text, rules } = explained(column('tcp/22', [unreachable(FLOW.source, 1)]));
    assert.match(
      text,
      /does not leave this machine: nobody on its own network has the address of the target/,
    );
    assert.deepEqual(rules, []);
  });
});

describe('explanations where a router does not find the target', () => {
  const told = column('udp/53', [reply(R1), reply(R2), unreachable(R2, 1)]);
  const dark = column('tcp/22', [reply(R1), reply(R2), null]);
  const advice = /see that it is up, and that this is its address, before you look for a filter\.$/;

  for (const [whom, columns, words] of [
    [
      'to the probe that was told so',
      [told, dark],
      /by 10\.0\.0\.2 \(hop 2\), which says: host unreachable\./,
    ],
    [
      'to one that got no answer',
      [dark, told],
      /But udp\/53 is rejected by 10\.0\.0\.2 \(hop 2\), which says: host/,
    ],
  ] as const) {
    it(`offer no rule ${whom}`, () => {
      const { text, rules } = explained(...columns);
      assert.match(text, words);
      assert.match(text, advice);
      assert.deepEqual(rules, []);
    });
  }
});
