/** The probes of --matrix: src/dialects/specification/matrix-spec.ts, probe-request.ts, probe-spec.ts and probe-name.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matrixRequest, parseMatrix } from '../../../src/dialects/specification/matrix-spec.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { names } from '../../matrix/make-matrix.ts';

const parse = (text: string) => parseMatrix(text, '--matrix', names);

/** Name, port, protocol of the generic probe, TCP flags. */
const SPECS: readonly (readonly [
  spec: string,
  name: string,
  port: number | undefined,
  protocol: number,
  flags: number,
])[] = [
  ['icmp', 'icmp', undefined, 0, 0],
  ['udp', 'udp', undefined, 0, 0],
  ['udp/53', 'udp', 53, 0, 0],
  ['UDP/53', 'udp', 53, 0, 0],
  ['tcp/443', 'tcp', 443, 0, 0x02],
  ['tcp/https', 'tcp', 443, 0, 0x02],
  ['tcp/443:ack', 'tcp', 443, 0, 0x10],
  ['tcp/443:syn+ecn', 'tcp', 443, 0, 0xc2],
  ['tcp/443:syn+ece', 'tcp', 443, 0, 0x42],
  ['tcp/80:fin', 'tcp', 80, 0, 0x01],
  ['gre', 'gre', undefined, 0, 0],
  ['gre/0x6558', 'gre', 0x6558, 0, 0],
  ['sctp/3868', 'sctp', 3868, 0, 0],
  ['esp', 'generic', undefined, 50, 0],
  ['89', 'generic', undefined, 89, 0],
  ['6/22', 'tcp', 22, 0, 0x02],
  ['udplite/7', 'udplite', 7, 0, 0],
];

/** What is refused, and why. */
const REFUSED: readonly (readonly [text: string, why: RegExp])[] = [
  ['', /^--matrix : a probe is missing: expected NAME/],
  ['icmp,', /a probe is missing/],
  ['tcp/', /^--matrix tcp\/: tcp\/: expected NAME\[\/PORT\]\[:FLAG\[\+FLAG\]\]/],
  ['tcp/443:', /expected NAME/],
  ['-1', /expected NAME/],
  ['frob', /frob: no such protocol \(a name such as icmp, tcp or esp, or 1 to 255\)/],
  ['0', /0: no such protocol/],
  ['256', /256: no such protocol/],
  ['tcp/0', /tcp\/0: expected a port from 1 to 65535, or the name of a service/],
  ['tcp/65536', /expected a port/],
  ['tcp/frob', /expected a port/],
  ['icmp/8', /icmp\/8: icmp has no ports/],
  ['esp/1', /esp has no ports/],
  ['udp/53:ack', /udp\/53:ack: only tcp has flags/],
  ['tcp/443:frob', /no TCP flag is called frob \(syn, ack, fin, rst, psh, urg, ecn, ece, cwr, null\)/],
  ['tcp/22-20', /the last port is below the first/],
  ['tcp/1-1024', /^--matrix tcp\/1-1024: 1024 probes, at most 32/],
  ['tcp/1-32,icmp', /33 probes, at most 32/],
  ['icmp,1', /1 is the same probe as icmp/],
  ['tcp/443,tcp/https', /tcp\/https is the same probe as tcp\/443/],
  ['tcp/80:ece+cwr,tcp/80:ecn', /tcp\/80:ecn is the same probe as tcp\/80:ecn/],
];

describe('the probes of --matrix', () => {
  for (const [spec, name, port, protocol, flags] of SPECS) {
    it(`--matrix reads ${spec}`, () => {
      const [column, ...rest] = parse(spec);
      assert.deepEqual(rest, []);
      const { probe } = column ?? assert.fail();
      assert.deepEqual(
        [probe.name, probe.port, probe.protocol, probe.tcpFlags],
        [name, port, protocol, flags],
      );
      assert.ok(probe.fixedPort && !probe.portPerProbe);
    });
  }

  it('--matrix names its probes as the user wrote them, in lower case and without default flags', () => {
    const specs = parse('ICMP,tcp/https,tcp/80:ACK+syn,tcp/81:syn,gre/0x6558').map(({ name }) => name);
    assert.deepEqual(specs, ['icmp', 'tcp/https', 'tcp/80:syn+ack', 'tcp/81', 'gre/0x6558']);
  });

  it('--matrix takes a range of ports, up to 32 probes', () => {
    assert.deepEqual(
      parse('tcp/20-22:ack').map(({ name }) => name),
      ['tcp/20:ack', 'tcp/21:ack', 'tcp/22:ack'],
    );
    assert.equal(parse('tcp/1-31,icmp').length, 32);
  });

  it('--matrix default stands for six probes', () => {
    assert.deepEqual(
      parse('default').map(({ name }) => name),
      ['icmp', 'udp', 'tcp/80', 'tcp/443', 'tcp/443:ack', 'gre'],
    );
  });

  it('--matrix default stands among other probes, and brings none twice', () => {
    const ours = ['icmp', 'udp', 'tcp/80', 'tcp/443', 'tcp/443:ack', 'gre'];
    for (const [text, more] of [
      ['default,udp/53', ['udp/53']],
      ['udp/53, default', ['udp/53']],
      ['default,icmp,tcp/443,esp', ['esp']],
      ['default,default', []],
    ] as const) {
      assert.deepEqual(
        parse(text).map(({ name }) => name),
        [...ours, ...more],
      );
    }
  });

  for (const [text, why] of REFUSED) {
    it(`--matrix refuses ${text === '' ? 'an empty list' : text}`, () => {
      assert.throws(() => parse(text), { name: 'UsageError', message: why });
    });
  }

  it('--explain needs --matrix', () => {
    assert.equal(matrixRequest({ explain: false }, names), undefined);
    assert.throws(() => matrixRequest({ explain: true }, names), UsageError);
    assert.equal(matrixRequest({ matrix: 'icmp', explain: true }, names)?.explain, true);
  });

  it('--rules needs --matrix, and takes the place of the rules of --explain', () => {
    assert.throws(() => matrixRequest({ explain: true, rules: ['aws'] }, names), {
      name: 'UsageError',
      message: '--rules: there are no verdicts without --matrix',
    });
    const rulesOf = (wishes: { explain: boolean; rules?: readonly ['aws'] }) =>
      matrixRequest({ matrix: 'icmp', ...wishes }, names)?.rules;
    assert.deepEqual(rulesOf({ explain: false }), []);
    assert.deepEqual(rulesOf({ explain: true }), ['nft', 'pf']);
    assert.deepEqual(rulesOf({ explain: false, rules: ['aws'] }), ['aws']);
    assert.deepEqual(rulesOf({ explain: true, rules: ['aws'] }), ['aws']);
  });

  it('null stands for no control bit, and only alone', () => {
    const [probe] = parse('tcp/443:null');
    assert.deepEqual([probe?.name, probe?.probe.tcpFlags], ['tcp/443:null', 0]);
    assert.throws(() => parse('tcp/443:null+syn'), /null stands for no flag at all$/);
  });
});
