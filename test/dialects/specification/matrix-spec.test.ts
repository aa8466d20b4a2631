/** The columns of --matrix and --flows: src/dialects/specification/ but for the names that other rooms take from there. */
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
  ['tcp/', /^--matrix tcp\/: tcp\/: expected NAME\[\/PORT\[-PORT\]\]\[:FLAG\[\+FLAG\]\]/],
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
  ['tcp/34-20', /tcp\/34-20: the last port is below the first \(20-34 is the range between them\)/],
  ['tcp/ssh-ftp', /the last port is below the first/],
  ['tcp/0-70000', /tcp\/0-70000: 0: expected a port from 1 to 65535/],
  ['tcp/1-70000', /tcp\/1-70000: 70000: expected a port from 1 to 65535/],
  ['tcp/20-frob', /tcp\/20-frob: frob: expected a port from 1 to 65535, or the name of a service/],
  ['tcp/20-', /tcp\/20-: the range lacks its last port \(FIRST-LAST, such as 20-34\)/],
  ['tcp/-20:ack', /tcp\/-20:ack: the range lacks its first port/],
  ['tcp/22,80-', /tcp\/80-: the range lacks its last port/],
  ['tcp/1-2-3', /tcp\/1-2-3: a range has two ends/],
  ['icmp/1-3', /icmp\/1-3: icmp has no ports/],
  ['80/tcp', /80\/tcp: 80 has no ports \(the protocol comes first: tcp\/80\)/],
  ['tcp:443', /tcp:443: a port stands behind a slash \(tcp\/443\)/],
  ['tcp/20\u201334', /tcp\/20\u201334: \u2013 is no hyphen \(a range is FIRST-LAST, such as 20-34\)/],
  ['T:22,80', /T:22: a port stands behind a slash \(tcp\/22\)/],
  ['443', /443: no such protocol \(.*; a port stands behind its protocol, as tcp\/443 does\)/],
  ['tcp/22,https', /https: no such protocol \(.*as tcp\/https does\)/],
  ['tcp/1-1024', /^--matrix tcp\/1-1024: 1024 columns, at most 256 \(name the ports that matter\)/],
  ['tcp/1-256,icmp', /257 columns, at most 256/],
  ['tcp/20-25,tcp/22', /tcp\/22 stands there twice/],
  ['icmp,1', /1 is the same probe as icmp/],
  ['tcp/443,tcp/https', /tcp\/https is the same probe as tcp\/443/],
  ['tcp/80:ece+cwr,tcp/80:ecn', /tcp\/80:ecn stands there twice/],
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

  const namesOf = (text: string): string[] => parse(text).map(({ name }) => name);

  it('--matrix takes ranges of ports, up to 256 columns', () => {
    assert.deepEqual(namesOf('tcp/20-22:ack'), ['tcp/20:ack', 'tcp/21:ack', 'tcp/22:ack']);
    assert.deepEqual(namesOf('udp/53-54'), ['udp/53', 'udp/54']);
    assert.deepEqual(namesOf('tcp/21-ssh'), ['tcp/21', 'tcp/22']);
    assert.deepEqual(namesOf('tcp/22-22'), ['tcp/22']);
    assert.equal(parse('tcp/1-255,icmp').length, 256);
  });

  it('--matrix knows services whose names have hyphens', () => {
    assert.equal(parse('tcp/microsoft-ds')[0]?.probe.port, 445);
  });

  it('--matrix takes a list of ports: a number behind a port is one too', () => {
    assert.deepEqual(namesOf('tcp/22,80,443'), ['tcp/22', 'tcp/80', 'tcp/443']);
    assert.deepEqual(namesOf('tcp/22, 80-81:ack,icmp,89'), [
      'tcp/22',
      'tcp/80:ack',
      'tcp/81:ack',
      'icmp',
      '89',
    ]);
    assert.deepEqual(namesOf('89,udp/53,123,gre,47/1'), ['89', 'udp/53', 'udp/123', 'gre', '47/1']);
  });

  it('several lists go their own ways: a number that begins one is a protocol', () => {
    const columns = parseMatrix(['tcp/22', '89'], 'probes', names);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['tcp/22', '89'],
    );
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

  it('--flows repeats each probe under a number', () => {
    const request = matrixRequest({ matrix: 'icmp,tcp/443', explain: false, flows: 2 }, names);
    assert.deepEqual(
      request?.probes.map(({ name }) => name),
      ['icmp#1', 'icmp#2', 'tcp/443#1', 'tcp/443#2'],
    );
    assert.deepEqual(request.probes[3]?.flow, { of: 'tcp/443', number: 2, count: 2 });
    assert.equal(matrixRequest({ matrix: 'icmp', explain: false, flows: 1 }, names)?.probes[0]?.name, 'icmp');
  });

  it('--flows refuses more than 256 columns, and a run without a matrix', () => {
    const asked = (matrix: string, flows: number) => () =>
      matrixRequest({ matrix, explain: false, flows }, names);
    assert.throws(asked('tcp/20-34', 20), {
      message: '--flows 20: 15 probes make 300 columns, at most 256 (17 flows fit)',
    });
    assert.throws(asked('tcp/1-200', 2), { message: /400 columns, at most 256 \(name fewer probes\)/ });
    assert.throws(() => matrixRequest({ explain: false, flows: 2 }, names), {
      message: '--flows: there are no columns to repeat without --matrix',
    });
  });

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
