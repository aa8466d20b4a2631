/** BSD traceroute refuses bad input with status 1 and sends nothing: src/dialects/bsd.ts, bsd-options.ts, bsd-number.ts and families.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportError, type SystemErrorCode } from '../../src/model/errors.ts';
import type { RouteRefusal } from '../../src/ports/machine.ts';
import { VERSION } from '../../src/version.ts';
import { PATH, traceroute, type RunOptions } from './run-command.ts';

const TARGET = PATH.dst.addr;
const USAGE = `Version ${VERSION}
Usage: traceroute [-46adDeEFInrSvx] [-f first_ttl] [-g gateway] [-i iface]
\t[-m max_ttl] [-p port] [-P proto] [-q nqueries] [-s src_addr]
\t[-t tos] [-w waittime] [-A as_server] [-z pausemsecs] host [packetlen]
`;

type Row = readonly [line: string | readonly string[], message: string, options?: RunOptions];

/** Checks that each line gives `traceroute: MESSAGE`. */
function refused(rows: readonly Row[]): void {
  answered(rows, '');
}

/** Checks that each line gives the usage text, as the original does, and then the message. */
function refusedWithUsage(rows: readonly Row[]): void {
  answered(rows, USAGE);
}

function answered(rows: readonly Row[], usage: string): void {
  for (const [line, message, options] of rows) {
    const words = typeof line === 'string' ? line : line.join(' ');
    it(`traceroute refuses ${words === '' ? 'to run without arguments' : words}`, async () => {
      const { status, out, err, probes } = await traceroute(line, options);
      assert.equal(err, `${usage}traceroute: ${message}\n`);
      assert.equal(out, '');
      assert.equal(status, 1);
      assert.equal(probes.length, 0);
    });
  }
}

const least = (what: string, value: number): string => `${what} must be > ${value - 1}`;
const most = (what: string, value: number): string => `${what} must be <= ${value}`;
const bad = (what: string, text: string): string => `"${text}" bad value for ${what}`;

/** What the original calls the value of each option, and its range. */
const NUMBERS: readonly (readonly [string, string, number, number])[] = [
  ['-f', 'first ttl', 1, 255],
  ['-M', 'first ttl', 1, 255],
  ['-m', 'max ttl', 1, 255],
  ['-p', 'port', 1, 65535],
  ['-P', 'proto number', 1, 255],
  ['-w', 'wait time', 1, 86400],
];

/** Options whose values may be fractions. */
const FRACTIONS = ['-w', '-z'];

describe('traceroute: numbers out of range', () => {
  for (const [option, what, low, high] of NUMBERS) {
    refused([
      [`${option} ${low - 1} ${TARGET}`, least(what, low)],
      [`${option} -5 ${TARGET}`, least(what, low)],
      [`${option} ${high + 1} ${TARGET}`, most(what, high)],
      [`${option} 99999999999999999999 ${TARGET}`, most(what, high)],
      [`${option} 0x7fffffff ${TARGET}`, most(what, high)],
    ]);
  }
  refused([
    [`-t -1 ${TARGET}`, 'tos must be >= 0'],
    [`-t 256 ${TARGET}`, most('tos', 255)],
    [`-z -1 ${TARGET}`, 'pause msecs must be >= 0'],
    [`-z -0.5 ${TARGET}`, 'pause msecs must be >= 0'],
    [`-w 0.0 ${TARGET}`, least('wait time', 1)],
    [`-w -.5 ${TARGET}`, least('wait time', 1)],
    [`-w 86400.5 ${TARGET}`, most('wait time', 86400)],
    [`-z 3600001 ${TARGET}`, most('pause msecs', 3600000)],
    [`-q 0 ${TARGET}`, least('nprobes', 1)],
    [`-q -3 ${TARGET}`, least('nprobes', 1)],
  ]);
});

describe('traceroute: what is no number', () => {
  const options = [...NUMBERS.map(([option, what]) => [option, what]), ...OTHERS()];
  for (const [option = '', what = ''] of options) {
    refused(
      ['x', '1x', '0x', '1.5x', '1.5.1', '.', '1e2', '0xfg', '--', '-n'].map((text) => [
        [option, text, TARGET],
        bad(what, text),
      ]),
    );
    if (!FRACTIONS.includes(option)) refused([[[option, '1.5', TARGET], bad(what, '1.5')]]);
    refused([[[option, '', TARGET], bad(what, '')]]);
    refused([[[option, ' 1', TARGET], bad(what, ' 1')]]);
  }
});

function OTHERS(): string[][] {
  return [
    ['-t', 'tos'],
    ['-z', 'pause msecs'],
    ['-q', 'nprobes'],
  ];
}

describe('traceroute: numbers that do not fit together', () => {
  refused([
    [`-f 9 -m 3 ${TARGET}`, 'first ttl (9) may not be greater than max ttl (3)'],
    [`-f 65 ${TARGET}`, 'first ttl (65) may not be greater than max ttl (64)'],
    [`-M 9 -m 3 ${TARGET}`, 'first ttl (9) may not be greater than max ttl (3)'],
    [`-q 1024 ${TARGET}`, 'nprobes must be <= 1023 for 64 hops'],
    [`-q 258 -m 255 ${TARGET}`, 'nprobes must be <= 257 for 255 hops'],
    [`-q 65536 -f 5 -m 5 ${TARGET}`, 'nprobes must be <= 65535 for 1 hops'],
  ]);
});

describe('traceroute: packet length', () => {
  const lengths: readonly (readonly [string, number])[] = [
    ['', 28],
    ['-I', 48],
    ['-P tcp', 40],
    ['-P sctp', 32],
    ['-P gre', 28],
    ['-P udplite', 28],
    ['-P 99', 24],
    ['-g 10.5.0.1', 36],
  ];
  for (const [options, low] of lengths) {
    refused([
      [`${options} ${TARGET} ${low - 1}`, least('packet length', low)],
      [`${options} ${TARGET} 0`, least('packet length', low)],
      [`${options} ${TARGET} 32769`, most('packet length', 32768)],
    ]);
  }
  refused([
    [`${TARGET} ten`, bad('packet length', 'ten')],
    [`${TARGET} ${TARGET}`, `${bad('packet length', TARGET)} (one host at a time)`],
    [[TARGET, ''], bad('packet length', '')],
    [`-P sctp ${TARGET} 33`, 'packet length must be a multiple of 4'],
    [`-P sctp ${TARGET} 50`, 'packet length must be a multiple of 4'],
  ]);
});

describe('traceroute: words where a number is', () => {
  refused([
    [`-p https -P gre ${TARGET}`, '"https" bad value for port (gre has no ports)'],
    [`-I -p https ${TARGET}`, '"https" bad value for port (icmp has no ports)'],
    [`-p nosuch ${TARGET}`, bad('port', 'nosuch')],
    [`-p tcp ${TARGET}`, `${bad('port', 'tcp')} (the protocol is -P tcp)`],
    [`-M icmp ${TARGET}`, `${bad('first ttl', 'icmp')} (the protocol is -P icmp)`],
    [`-w 1,2,3,4 ${TARGET}`, bad('wait time', '1,2,3,4')],
    [`-w 1,x ${TARGET}`, bad('wait time', '1,x')],
    [`-w 1, ${TARGET}`, bad('wait time', '1,')],
    [`-w ,3,10 ${TARGET}`, bad('wait time', '')],
    [`-w 0,3,10 ${TARGET}`, least('wait time', 1)],
  ]);
});

describe('traceroute: -P', () => {
  refused(
    ['nosuch', 'generic', 'constructor', '__proto__', 'udp '].map((name) => [
      ['-P', name, TARGET],
      bad('proto number', name),
    ]),
  );
});

const ALL = '--help lists all options';

describe('traceroute: what is missing or too much', () => {
  refusedWithUsage([
    ['', `a host is missing (${ALL})`],
    ['-n', `a host is missing (${ALL})`],
    ['--', `a host is missing (${ALL})`],
    [`${TARGET} 40 more`, `more: one operand too many (${ALL})`],
    [`-n -- ${TARGET} 40 -q1`, `-q1: one operand too many (${ALL})`],
    [`-Z ${TARGET}`, `-Z: no such option (${ALL})`],
    [`-nZ ${TARGET}`, `-Z: no such option (${ALL})`],
  ]);
  refusedWithUsage(
    Array.from('fgimMpPqstwzA', (letter): Row => [`${TARGET} -${letter}`, `-${letter}: a value is required`]),
  );
  refusedWithUsage([[`${TARGET} -nq`, '-q: a value is required']]);
});

describe('traceroute: options of other programs', () => {
  refusedWithUsage([
    [`-T ${TARGET}`, `-T: TCP is -P tcp -e -p PORT (${ALL})`],
    [`-nT -p 443 ${TARGET}`, `-T: TCP is -P tcp -e -p PORT (${ALL})`],
    [`-U ${TARGET}`, `-U: UDP is the default; to one port it is -e -p PORT (${ALL})`],
    [`-N 16 ${TARGET}`, `-N: the number of probes in flight is --parallel N (${ALL})`],
    [`-O ack ${TARGET}`, `-O: control bits are part of a probe of --matrix, such as tcp/443:ack (${ALL})`],
    [`-V`, `-V: the version is --version (${ALL})`],
    [`-c 10 ${TARGET}`, `-c: the number of probes for each hop is -q N (${ALL})`],
    [`-h 20 ${TARGET}`, `-h: the help is --help, and the largest TTL is -m N (${ALL})`],
    [`-? ${TARGET}`, `-?: the help is --help (${ALL})`],
    [`-A ${TARGET}`, `a host is missing (${ALL}); -A took ${TARGET} as its whois server, -a needs none`],
  ]);
  refused([
    [`--tcp ${TARGET}`, `unknown option --tcp (TCP is -P tcp -e -p PORT; ${ALL})`],
    [`--icmp ${TARGET}`, `unknown option --icmp (ICMP echo is -I; ${ALL})`],
    [`--fwmark=3 ${TARGET}`, `unknown option --fwmark (the firewall mark is --mark N; ${ALL})`],
    [`-P tcp/443 ${TARGET}`, '"tcp/443" bad value for proto number (to one port it is -P tcp -e -p 443)'],
    [`-P udp:53 ${TARGET}`, '"udp:53" bad value for proto number (to one port it is -P udp -e -p 53)'],
    [`-P x/443 ${TARGET}`, '"x/443" bad value for proto number'],
    [`${TARGET} shop.example`, '"shop.example" bad value for packet length (one host at a time)'],
    [`${TARGET} fd99::1`, '"fd99::1" bad value for packet length (one host at a time)'],
    [`${TARGET} 4.5`, '"4.5" bad value for packet length'],
    [`--csv ${TARGET}`, `unknown option --csv (output for programs is --json; ${ALL})`],
    [
      `--port=443 ${TARGET}`,
      `unknown option --port (the destination port is -p PORT, and -e keeps it fixed; ${ALL})`,
    ],
    [`--max-hops 5 ${TARGET}`, `unknown option --max-hops (the largest TTL is -m N; ${ALL})`],
    [`--first 5 ${TARGET}`, `unknown option --first (the first TTL is -f N; ${ALL})`],
    [`--Queries 5 ${TARGET}`, `unknown option --Queries (the number of probes for each hop is -q N; ${ALL})`],
  ]);
});

describe('traceroute: long options', () => {
  refused([
    [`--paralel 3 ${TARGET}`, 'unknown option --paralel (did you mean --parallel?)'],
    [`--verson`, 'unknown option --verson (did you mean --version?)'],
    [`--hepl ${TARGET}`, 'unknown option --hepl (did you mean --help?)'],
    [`--para 3 ${TARGET}`, 'unknown option --para (did you mean --parallel?)'],
    [`--flat ${TARGET}`, 'unknown option --flat (--help lists all options)'],
    [`--zzzzzzzz ${TARGET}`, 'unknown option --zzzzzzzz (--help lists all options)'],
    [`--zzzzzzzz=3 ${TARGET}`, 'unknown option --zzzzzzzz (--help lists all options)'],
    [`${TARGET} --parallel`, '--parallel: a value is required'],
    [`--help=yes ${TARGET}`, '--help: takes no value'],
    [`--version=yes ${TARGET}`, '--version: takes no value'],
  ]);
  refused(
    ['0', '1025', '-1', 'x', '', '1.5', '0x10', '99999999999'].map((value) => [
      ['--parallel', value, TARGET],
      `--parallel ${value}: expected a whole number from 1 to 1024`,
    ]),
  );
});

describe('traceroute: hosts', () => {
  const dns = { addr: '10.0.0.53', names: {} };
  const named: RunOptions = { path: { ...PATH, dns } };
  refused([
    ['nosuch.example.net', 'unknown host nosuch.example.net', named],
    ['-n nosuch.example.net', 'unknown host nosuch.example.net', named],
    ['10.0.0.256', 'unknown host 10.0.0.256', named],
    [`-g nosuch.example.net ${TARGET}`, 'unknown host nosuch.example.net', named],
    [`-s nosuch.example.net ${TARGET}`, 'unknown host nosuch.example.net', named],
  ]);
});

describe('traceroute: addresses to send from', () => {
  const refusal = (why: RouteRefusal, code: SystemErrorCode, message: string): RunOptions => ({
    machine: { routeTo: () => Promise.resolve({ refusal: why, error: new TransportError(code, message) }) },
  });
  const noRoute = refusal('no-route', 'ENETUNREACH', 'Network is unreachable');
  const twoInterfaces: RunOptions = {
    machine: {
      interfaces: () => [
        { name: 'tun0', addresses: ['10.0.0.1'] },
        { name: 'tun1', addresses: ['10.0.0.7'] },
        { name: 'bare', addresses: [] },
        { name: 'six', addresses: ['fd00::9'] },
      ],
    },
  };
  const what = (address: string) => `bind: ${address} is not an address of this machine`;
  const help = '(choose one that "ip address" shows)';
  refused([
    [TARGET, `no route to ${TARGET}: Network is unreachable (see "ip route", or choose -s or -i)`, noRoute],
    [
      `-g 10.5.0.1 ${TARGET}`,
      'no route to 10.5.0.1: Network is unreachable (see "ip route", or choose -s or -i)',
      noRoute,
    ],
    [
      '-s 127.0.0.1 10.99.0.1',
      `cannot send to ${TARGET} from 127.0.0.1: Invalid argument (a loopback address reaches this machine alone)`,
    ],
    [
      `-i eth1 ${TARGET}`,
      'interface eth1 is down: Network is down (ip link set eth1 up)',
      refusal('device-down', 'ENETDOWN', 'Network is down'),
    ],
    [
      `-i tun0 ${TARGET}`,
      `no address to send from to ${TARGET} (give this machine one: ip address add)`,
      refusal('no-source', 'EADDRNOTAVAIL', 'Cannot assign requested address'),
    ],
    [
      '10.0.0.255',
      'cannot send to 10.0.0.255: Permission denied (it is a broadcast address; trace to one host)',
      refusal('broadcast', 'EACCES', 'Permission denied'),
    ],
    [
      TARGET,
      `no route to ${TARGET}: No route to host (a route of this machine says unreachable: see "ip route get ${TARGET}")`,
      refusal('unreachable', 'EHOSTUNREACH', 'No route to host'),
    ],
    [
      TARGET,
      `no route to ${TARGET}: Invalid argument (a blackhole route of this machine takes it: see "ip route get ${TARGET}")`,
      refusal('blackhole', 'EINVAL', 'Invalid argument'),
    ],
    [
      TARGET,
      `no route to ${TARGET}: Permission denied (a route or rule of this machine prohibits it: see "ip route get ${TARGET}")`,
      refusal('prohibited', 'EACCES', 'Permission denied'),
    ],
    [`-i nosuch ${TARGET}`, "Can't find interface nosuch"],
    [`-i bare ${TARGET}`, "Can't find interface bare", twoInterfaces],
    [`-i six ${TARGET}`, "Can't find interface six", twoInterfaces],
    [`-s 10.0.0.99 ${TARGET}`, `${what('10.0.0.99')} ${help}`],
    [`-s 10.0.0.99 -i tun0 ${TARGET}`, `${what('10.0.0.99')} ${help}`],
    [`-s 10.0.0.1 -i tun1 ${TARGET}`, '10.0.0.1 is not on interface tun1', twoInterfaces],
  ]);
});

describe('traceroute: gateways', () => {
  const gateways = (count: number) =>
    Array.from({ length: count }, (_, index) => ['-g', `10.5.0.${index + 1}`]);
  refused([
    [[...gateways(9).flat(), TARGET], 'No more than 8 gateways'],
    [[...gateways(10).flat(), TARGET], 'No more than 8 gateways'],
  ]);
});

describe('traceroute: rights', () => {
  const refusing = (error: TransportError): RunOptions => ({
    machine: {
      openTransport: () => Promise.reject(error),
    },
  });
  const help = '(run as root, or give it the right as in traceroute(8), RIGHTS)';
  refused([
    [
      TARGET,
      `cannot open a raw socket: EPERM ${help}`,
      refusing(new TransportError('EPERM', 'Operation not permitted')),
    ],
    [
      TARGET,
      `cannot open a raw socket: EACCES ${help.slice(0, -1)}, or put your group in net.ipv4.ping_group_range)`,
      refusing(new TransportError('EACCES', 'Permission denied')),
    ],
    [
      TARGET,
      'cannot open a raw socket: EAFNOSUPPORT',
      refusing(new TransportError('EAFNOSUPPORT', 'Address family not supported by protocol')),
    ],
    [
      TARGET,
      'cannot open a raw socket: something else',
      refusing(new TransportError('UNKNOWN', 'something else')),
    ],
    [
      `-P tcp ${TARGET}`,
      'cannot reserve a local port: all are in use (widen net.ipv4.ip_local_port_range, or wait; ICMP takes none)',
      {
        machine: {
          reservePort: () => Promise.reject(new TransportError('EADDRINUSE', 'Address already in use')),
        },
      },
    ],
  ]);
});
