import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportError } from '../../../../src/model/errors.ts';
import { RULE_LANGUAGES } from '../../../../src/model/rule-language.ts';
import { explanation } from '../../../../src/render/matrix/explain.ts';
import type { RuleFlow } from '../../../../src/render/matrix/rules/rule-flow.ts';
import { rulesFor } from '../../../../src/render/matrix/rules/rules.ts';
import { readMatrix } from '../../../../src/verdict/facts.ts';
import { judge } from '../../../../src/verdict/judge.ts';
import { column, matrix } from '../../../matrix/make-matrix.ts';

const V4 = { family: 4, source: '192.0.2.20', target: '198.51.100.7' } as const;
const V6 = { family: 6, source: '2001:db8::20', target: '2001:db8::7' } as const;
const flow = (ends: typeof V4 | typeof V6, port: number, protocol: number): RuleFlow => ({
  ...ends,
  port,
  protocol,
});
const tcp4 = flow(V4, 443, 6);
const tcp6 = flow(V6, 443, 6);

/** Addresses as `A`, of the prober, and `B`, of the target, so that a line is short. */
function brief(line: string): string {
  return line.replace(/192\.0\.2\.20|2001:db8::20/g, 'A').replace(/198\.51\.100\.7|2001:db8::7/g, 'B');
}

const RELATED = 'ip daddr A ct state established,related accept comment "answers"';
const ERRORS = 'ip daddr A icmp type { destination-unreachable, time-exceeded } accept comment "answers"';
const ERRORS6 =
  'ip6 daddr A icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept comment "answers"';
const PF_ERRORS = 'pass quick inet proto icmp from any to A icmp-type { unreach, timex } no state';
const REMARK = 'remark the answers, for a list that filters the way back';
const IOS_ERRORS = ['permit icmp any host A time-exceeded', 'permit icmp any host A unreachable'];
const IOS_ERRORS6 = [
  ...IOS_ERRORS,
  'permit icmp any host A packet-too-big',
  'permit icmp any host A parameter-problem',
];

function tcpNft(match: string): string[] {
  const answer = 'ip saddr B ip daddr A tcp sport 443 accept comment "answers"';
  return [`ip saddr A ip daddr B tcp dport 443 ${match} accept`, answer, ERRORS];
}

function tcpPf(flags: string): string[] {
  return [
    `pass quick inet proto tcp from A to B port 443 flags ${flags} no state`,
    'pass quick inet proto tcp from B port 443 to A flags any no state',
    PF_ERRORS,
  ];
}

function tcpIos(match: string): string[] {
  const answer = 'permit tcp host B eq 443 host A established';
  return [`permit tcp host A host B eq 443${match}`, REMARK, answer, ...IOS_ERRORS];
}

function aws(permission: string): string {
  return `aws ec2 authorize-security-group-ingress --group-id sg-ID --ip-permissions '${permission}'`;
}

const SCRUBS =
  '# pf that scrubs drops these flags before it reads rules, or clears them (OpenBSD always scrubs)';
const OPENS = '# a security group does not see TCP flags: this opens the port';

const cases: readonly (readonly [
  language: (typeof RULE_LANGUAGES)[number],
  spec: string,
  flow: RuleFlow,
  lines: readonly string[],
])[] = [
  ['nft', 'tcp/443', tcp4, ['ip saddr A ip daddr B tcp dport 443 accept', RELATED]],
  ['nft', 'tcp/443:ack', tcp4, tcpNft('tcp flags == ack')],
  ['nft', 'tcp/443:fin', tcp4, tcpNft('tcp flags == fin')],
  ['nft', 'tcp/443:rst', tcp4, tcpNft('tcp flags == rst')],
  ['nft', 'tcp/443:null', tcp4, tcpNft('tcp flags == 0x0')],
  ['nft', 'tcp/443:syn+ack', tcp4, tcpNft('tcp flags == syn | ack')],
  ['nft', 'tcp/443:syn+fin', tcp4, tcpNft('tcp flags == fin | syn')],
  [
    'nft',
    'tcp/443:syn+ecn',
    tcp4,
    ['ip saddr A ip daddr B tcp dport 443 tcp flags == syn | ecn | cwr accept', RELATED],
  ],
  [
    'nft',
    'udp/53',
    flow(V6, 53, 17),
    ['ip6 saddr A ip6 daddr B udp dport 53 accept', RELATED.replace('ip', 'ip6')],
  ],
  [
    'nft',
    'udplite/53',
    flow(V6, 53, 136),
    [
      'ip6 saddr A ip6 daddr B udplite dport 53 accept',
      'ip6 saddr B ip6 daddr A udplite sport 53 accept comment "answers"',
      ERRORS6,
    ],
  ],
  ['nft', 'icmp', flow(V4, 0, 1), ['ip saddr A ip daddr B icmp type echo-request accept', RELATED]],
  [
    'nft',
    'icmp',
    flow(V6, 0, 58),
    ['ip6 saddr A ip6 daddr B icmpv6 type echo-request accept', RELATED.replace('ip', 'ip6')],
  ],
  [
    'nft',
    'sctp/5060',
    flow(V6, 5060, 132),
    [
      'ip6 saddr A ip6 daddr B sctp dport 5060 accept',
      'ip6 saddr B ip6 daddr A sctp sport 5060 accept comment "answers"',
      ERRORS6,
    ],
  ],
  ['nft', 'esp', flow(V4, 0, 50), ['ip saddr A ip daddr B meta l4proto 50 accept', RELATED]],
  [
    'nft',
    'gre',
    flow(V4, 0, 47),
    [
      'ip saddr A ip daddr B meta l4proto 47 accept',
      'ip saddr B ip daddr A meta l4proto 47 accept comment "answers"',
      ERRORS,
    ],
  ],

  ['pf', 'tcp/443', tcp4, ['pass quick inet proto tcp from A to B port 443']],
  ['pf', 'tcp/443:syn+ecn', tcp4, ['pass quick inet proto tcp from A to B port 443 flags SEW/FSRPAUEW']],
  ['pf', 'tcp/443:ack', tcp4, tcpPf('A/FSRPAUEW')],
  ['pf', 'tcp/443:syn+ack', tcp4, tcpPf('SA/FSRPAUEW')],
  ['pf', 'tcp/443:rst', tcp4, tcpPf('R/FSRPAUEW')],
  ['pf', 'tcp/443:fin', tcp4, [SCRUBS, ...tcpPf('F/FSRPAUEW')]],
  ['pf', 'tcp/443:null', tcp4, [SCRUBS, ...tcpPf('/FSRPAUEW')]],
  ['pf', 'tcp/443:syn+rst', tcp4, [SCRUBS, ...tcpPf('SR/FSRPAUEW')]],
  ['pf', 'tcp/443:rst+psh', tcp4, [SCRUBS, ...tcpPf('RP/FSRPAUEW')]],
  ['pf', 'udp/53', flow(V6, 53, 17), ['pass quick inet6 proto udp from A to B port 53']],
  [
    'pf',
    'udplite/53',
    flow(V6, 53, 136),
    [
      '# pf has no ports for this protocol: this lets all of them pass',
      'pass quick inet6 proto 136 from A to B',
    ],
  ],
  ['pf', 'icmp', flow(V4, 0, 1), ['pass quick inet proto icmp from A to B icmp-type echoreq']],
  ['pf', 'icmp', flow(V6, 0, 58), ['pass quick inet6 proto icmp6 from A to B icmp6-type echoreq']],
  ['pf', 'esp', flow(V4, 0, 50), ['pass quick inet proto 50 from A to B']],
  [
    'pf',
    'sctp/5060',
    flow(V4, 5060, 132),
    [
      '# only pf of FreeBSD 14 and later matches ports of SCTP: this lets all of them pass',
      'pass quick inet proto 132 from A to B no state',
      'pass quick inet proto 132 from B to A no state',
      PF_ERRORS,
    ],
  ],

  ['ios', 'tcp/443', tcp4, tcpIos('')],
  ['ios', 'tcp/443:fin', tcp4, tcpIos(' match-all +fin -syn -rst -psh -ack -urg')],
  ['ios', 'tcp/443:null', tcp4, tcpIos(' match-all -fin -syn -rst -psh -ack -urg')],
  [
    'ios',
    'tcp/443:syn+ecn',
    tcp4,
    ['remark an access list does not see ECE and CWR', ...tcpIos(' match-all -fin +syn -rst -psh -ack -urg')],
  ],
  [
    'ios',
    'tcp/443:fin+psh',
    tcp6,
    [
      'remark an IPv6 access list matches segments with any of these flags, whatever else they have',
      ...tcpIos(' fin psh').slice(0, -2),
      ...IOS_ERRORS6,
    ],
  ],
  [
    'ios',
    'tcp/443:null',
    tcp6,
    [
      'remark an IPv6 access list cannot match absent flags: this lets every segment pass',
      ...tcpIos('').slice(0, -2),
      ...IOS_ERRORS6,
    ],
  ],
  [
    'ios',
    'udp/53',
    flow(V4, 53, 17),
    ['permit udp host A host B eq 53', REMARK, 'permit udp host B eq 53 host A', ...IOS_ERRORS],
  ],
  [
    'ios',
    'icmp',
    flow(V4, 0, 1),
    ['permit icmp host A host B echo', REMARK, 'permit icmp host B host A echo-reply', ...IOS_ERRORS],
  ],
  [
    'ios',
    'icmp',
    flow(V6, 0, 58),
    [
      'permit icmp host A host B echo-request',
      REMARK,
      'permit icmp host B host A echo-reply',
      ...IOS_ERRORS6,
    ],
  ],
  [
    'ios',
    'esp',
    flow(V4, 0, 50),
    ['permit 50 host A host B', REMARK, 'permit 50 host B host A', ...IOS_ERRORS],
  ],

  ['aws', 'tcp/443', tcp4, [aws('IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=A/32}]')]],
  [
    'aws',
    'tcp/443:ack',
    tcp6,
    [OPENS, aws('IpProtocol=tcp,FromPort=443,ToPort=443,Ipv6Ranges=[{CidrIpv6=A/128}]')],
  ],
  ['aws', 'icmp', flow(V4, 0, 1), [aws('IpProtocol=icmp,FromPort=8,ToPort=0,IpRanges=[{CidrIp=A/32}]')]],
  [
    'aws',
    'icmp',
    flow(V6, 0, 58),
    [aws('IpProtocol=icmpv6,FromPort=128,ToPort=0,Ipv6Ranges=[{CidrIpv6=A/128}]')],
  ],
  ['aws', 'esp', flow(V4, 0, 50), [aws('IpProtocol=50,IpRanges=[{CidrIp=A/32}]')]],
  [
    'aws',
    'sctp/5060',
    flow(V4, 5060, 132),
    [
      '# a security group has no ports for this protocol: this lets all of them pass',
      aws('IpProtocol=132,IpRanges=[{CidrIp=A/32}]'),
    ],
  ],
];

describe('filter rules', () => {
  for (const [language, spec, of, lines] of cases) {
    it(`of ${language} let ${spec} pass over IPv${of.family}`, () => {
      assert.deepEqual(rulesFor(column(spec, []), of, language).map(brief), lines);
    });
  }

  it('hold for a range of ports', () => {
    const range = { ...tcp4, port: 20, lastPort: 34 };
    for (const [language, words] of [
      ['nft', 'tcp dport 20-34 accept'],
      ['pf', 'port 20:34'],
      ['ios', 'range 20 34'],
      ['aws', 'FromPort=20,ToPort=34'],
    ] as const) {
      assert.ok(rulesFor(column('tcp/20', []), range, language).join('\n').includes(words), language);
    }
  });

  it('name no zone, which no filter knows', () => {
    const linkLocal = { ...tcp6, source: 'fe80::20%eth0', target: 'fe80::7%eth0' };
    for (const language of RULE_LANGUAGES) {
      assert.doesNotMatch(rulesFor(column('tcp/443', []), linkLocal, language).join('\n'), /%/);
    }
  });

  it('of ios have remarks of at most 100 characters, as IOS takes them', () => {
    const remarks = cases.flatMap(([language, spec, of]) =>
      rulesFor(column(spec, []), of, language).filter((line) => line.startsWith('remark')),
    );
    assert.ok(remarks.length > 0);
    for (const remark of remarks) assert.ok(remark.length <= 100 + 'remark '.length, remark);
  });
});

describe('the rules below a verdict', () => {
  const verdictOn = (...hops: Parameters<typeof column>) =>
    judge(readMatrix(matrix(column(...hops))))[0] ?? assert.fail();
  const here = verdictOn('tcp/443', [], {
    refusedHere: new TransportError('EPERM', 'Operation not permitted'),
  });

  it('are in the languages that were asked for, in that order', () => {
    const lines = explanation(verdictOn('tcp/443', [null]), tcp4, { rules: ['aws', 'nft'], width: 100 });
    assert.deepEqual(
      lines.map((line) => line.trim().split(':')[0]),
      ['aws', 'nftables', 'nftables'],
    );
  });

  it('are none of a router or a cloud where this machine itself stops the probe', () => {
    const lines = explanation(here, tcp4, { rules: ['pf', 'ios', 'aws'], width: 100 });
    assert.deepEqual(lines.slice(1), [
      '    ios: none, for it is this machine that stops the probe',
      '    aws: none, for it is this machine that stops the probe',
    ]);
    assert.match(lines[0] ?? '', /^ {4}pf: pass quick /);
  });

  it('warn of a private source to a public target, which filters beyond a NAT do not see', () => {
    const caution =
      '    10.0.0.5 is a private address: filters beyond its address translation (NAT) see a public one.';
    const inside = { ...tcp4, source: '10.0.0.5' };
    const dropped = verdictOn('tcp/443', [null]);
    const below = (of: RuleFlow, rules: readonly 'nft'[]) =>
      explanation(dropped, of, { rules, width: 100 }).at(-1);
    assert.equal(below(inside, ['nft']), caution);
    assert.notEqual(below({ ...inside, target: '10.9.9.9' }, ['nft']), caution);
    assert.equal(below(inside, []), undefined);
  });
});
