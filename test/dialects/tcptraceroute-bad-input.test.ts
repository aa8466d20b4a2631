/** tcptraceroute refuses bad input with status 1 and sends nothing: src/dialects/tcptraceroute.ts, tcptraceroute-options.ts and families.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportError } from '../../src/model/errors.ts';
import { PATH, tcptraceroute, type RunOptions } from './run-command.ts';

const TARGET = PATH.dst.addr;
const USAGE = `Usage: tcptraceroute [-46nNFSAE] [-i <interface>] [-f <first ttl>]
       [-l <packet length>] [-q <number of queries>] [-t <tos>]
       [-m <max ttl>] [-pP] <source port>] [-s <source address>]
       [-w <wait time>] <host> [destination port] [packet length]

`;

const ALL = '--help lists all options';

type Row = readonly [line: string | readonly string[], message: string, options?: RunOptions];

function refused(rows: readonly Row[]): void {
  for (const [line, message, options] of rows) {
    const words = typeof line === 'string' ? line : line.join(' ');
    it(`tcptraceroute refuses ${words === '' ? 'to run without arguments' : words}`, async () => {
      const { status, out, err, probes } = await tcptraceroute(line, options);
      assert.equal(err, message);
      assert.equal(out, '');
      assert.equal(status, 1);
      assert.equal(probes.length, 0);
    });
  }
}

describe('tcptraceroute: what is no number', () => {
  for (const letter of 'fmqwltpP') {
    refused(
      ['x', '-1', '+1', '1x', '1.5', '0x10', '', ' 1', '--', '-n', '9999999999']
        .filter((value) => letter !== 'w' || value !== '1.5') // a wait may have a fraction
        .map((value) => [[`-${letter}`, value, TARGET], `Numeric argument required for -${letter}\n`]),
    );
  }
  refused([
    [`${TARGET} 80 x`, 'Numeric argument required for packet length\n'],
    [[TARGET, '80', ''], 'Numeric argument required for packet length\n'],
  ]);
});

describe('tcptraceroute: numbers out of range', () => {
  refused([
    [`-f 0 ${TARGET}`, 'TTL must be greater than 0\n'],
    [`-m 0 ${TARGET}`, 'TTL must be greater than 0\n'],
    [`-f 256 ${TARGET}`, 'TTL must be less than 256\n'],
    [`-m 256 ${TARGET}`, 'TTL must be less than 256\n'],
    [`-f 9 -m 3 ${TARGET}`, 'Minimum TTL (9) must be less than maximum TTL (3)\n'],
    [`-f 31 ${TARGET}`, 'Minimum TTL (31) must be less than maximum TTL (30)\n'],
    [`-q 0 ${TARGET}`, 'Number of queries must be at least 1\n'],
    [`-q 2185 ${TARGET}`, 'Number of queries must be at most 2184 for these TTLs\n'],
    [`-w 0 ${TARGET}`, 'Timeout must be at least 1\n'],
    [`-t 256 ${TARGET}`, '-t 256: expected 0 to 255\n'],
    [`-l 65536 ${TARGET}`, '-l 65536: expected 0 to 65535\n'],
    [`-p 65536 ${TARGET}`, '-p 65536: expected 0 to 65535\n'],
    [`-P 65536 ${TARGET}`, '-P 65536: expected 0 to 65535\n'],
    [`${TARGET} 65536`, 'destination port 65536: expected 0 to 65535\n'],
    [`${TARGET} 80 65536`, 'packet length 65536: expected 0 to 65535\n'],
    [`--parallel 0 ${TARGET}`, '--parallel 0: expected a whole number from 1 to 1024\n'],
    [`--parallel x ${TARGET}`, '--parallel x: expected a whole number from 1 to 1024\n'],
  ]);
});

describe('tcptraceroute: services', () => {
  refused(
    ['nosuchservice', 'HTTP', '', '-', '80x', '0x50', 'constructor', 'toString', '__proto__'].map(
      (service) => [[TARGET, service], `Unknown port: ${service}\n`],
    ),
  );
});

describe('tcptraceroute: what is missing or too much', () => {
  refused([
    ['', `${USAGE}a host is missing (${ALL})\n`],
    ['-n', `${USAGE}a host is missing (${ALL})\n`],
    ['--', `${USAGE}a host is missing (${ALL})\n`],
    [`${TARGET} 80 40 more`, `${USAGE}more: one operand too many (${ALL})\n`],
  ]);
  refused(
    Array.from('ifqltmpPsw', (letter): Row => [`${TARGET} -${letter}`, `Argument required for -${letter}\n`]),
  );
  refused([
    [`${TARGET} -nq`, 'Argument required for -q\n'],
    [`${TARGET} --parallel`, 'Argument required for --parallel\n'],
  ]);
});

describe('tcptraceroute: unknown options', () => {
  refused([
    [
      `-y ${TARGET}`,
      `Unknown command line argument: -y\n${USAGE}-y: AS numbers has traceroute -P tcp -e -p PORT -a (${ALL})\n`,
    ],
    [
      `-ny ${TARGET}`,
      `Unknown command line argument: -y\n${USAGE}-y: AS numbers has traceroute -P tcp -e -p PORT -a (${ALL})\n`,
    ],
    [
      `-I ${TARGET}`,
      `Unknown command line argument: -I\n${USAGE}-I: tcptraceroute sends TCP; traceroute has the other protocols (${ALL})\n`,
    ],
    [`-Z ${TARGET}`, `Unknown command line argument: -Z\n${USAGE}-Z: no such option (${ALL})\n`],
    [
      `--icmp ${TARGET}`,
      `Unknown command line argument: --icmp (tcptraceroute sends TCP; traceroute has the other protocols; ${ALL})\n${USAGE}`,
    ],
    [
      `--zzzzzzzz ${TARGET}`,
      `Unknown command line argument: --zzzzzzzz (--help lists all options)\n${USAGE}`,
    ],
    [`--dnta ${TARGET}`, `Unknown command line argument: --dnta (did you mean --dnat?)\n${USAGE}`],
    [
      `--track-prot ${TARGET}`,
      `Unknown command line argument: --track-prot (did you mean --track-port?)\n${USAGE}`,
    ],
    [`--track-id=3 ${TARGET}`, '--track-id: takes no value\n'],
  ]);
});

describe('tcptraceroute: hosts and addresses', () => {
  const named: RunOptions = { path: { ...PATH, dns: { addr: '10.0.0.53', names: {} } } };
  const noRoute: RunOptions = {
    machine: {
      routeTo: () =>
        Promise.resolve({
          refusal: 'no-route',
          error: new TransportError('ENETUNREACH', 'Network is unreachable'),
        }),
    },
  };
  const interfaces = () => [
    { name: 'tun0', addresses: ['10.0.0.1'] },
    { name: 'tun1', addresses: ['10.0.0.7'] },
    { name: 'bare', addresses: [] },
  ];
  const notOurs = 'is not an address of this machine (choose one that "ip address" shows)';
  refused([
    ['nosuch.example.net', 'Bad destination address: nosuch.example.net\n', named],
    ['10.0.0.256', 'Bad destination address: 10.0.0.256\n', named],
    [[''], 'the host is empty (expected a name or an address, such as shop.example or 192.0.2.1)\n', named],
    [['no\u001b(2Jsuch'], 'Bad destination address: no?(2Jsuch\n', named],
    [`-s nosuch.example.net ${TARGET}`, 'Bad source address: nosuch.example.net\n', named],
    [`-s 10.0.0.99 ${TARGET}`, `bind: 10.0.0.99 ${notOurs}\n`],
    [`-s 10.0.0.1 -i tun1 ${TARGET}`, '10.0.0.1 is not on interface tun1\n', { machine: { interfaces } }],
    [`-i nosuch ${TARGET}`, "Can't find interface nosuch\n"],
    [`-i bare ${TARGET}`, "Can't find interface bare\n", { machine: { interfaces } }],
    [TARGET, `no route to ${TARGET}: Network is unreachable (see "ip route", or choose -s or -i)\n`, noRoute],
  ]);
});

describe('tcptraceroute: ports and rights', () => {
  const inUse = new TransportError('EADDRINUSE', 'Address already in use');
  const taken: RunOptions = { machine: { reservePort: () => Promise.reject(inUse) } };
  const noRight: RunOptions = {
    machine: {
      openTransport: () => Promise.reject(new TransportError('EPERM', 'Operation not permitted')),
    },
  };
  refused([
    [
      `-p 4321 ${TARGET}`,
      'Sorry, requested local port is already in use.  Use -P, instead of -p, to override.\n',
      taken,
    ],
    [
      `-p 80 ${TARGET}`,
      'cannot reserve local port 80: Permission denied (run as root, or take one from net.ipv4.ip_unprivileged_port_start on)\n',
      { machine: { reservePort: () => Promise.reject(new TransportError('EACCES', 'Permission denied')) } },
    ],
    [
      TARGET,
      'cannot reserve a local port: all are in use (widen net.ipv4.ip_local_port_range, or wait; ICMP takes none)\n',
      taken,
    ],
    [
      TARGET,
      'cannot open a raw socket: EPERM (run as root, or give it the right as in traceroute(8), RIGHTS)\n',
      noRight,
    ],
  ]);
});
