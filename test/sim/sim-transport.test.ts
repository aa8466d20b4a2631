import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { octetsOf } from '../../src/model/address.ts';
import type { OutgoingDatagram, ReceivedDatagram, Transport } from '../../src/ports/transport.ts';
import { corrupt, cutQuotes, drop, duplicate, inject, reorder, withFault, withRefusals } from './faults.ts';
import { readDatagram } from './datagram.ts';
import { tcpProbe, udpProbe, type ProbeFields } from './make-probe.ts';
import type { PathFormat } from './path-format.ts';
import { seededRandom } from './random.ts';
import { SimTransport } from './sim-transport.ts';
import { VirtualClock } from './virtual-clock.ts';

const PATH: PathFormat = {
  src: '10.0.0.1',
  src6: 'fd00::1',
  hops: [
    { addr: '10.1.0.1', addr6: 'fd01::1', delay: 5 },
    { addr: '10.2.0.1', addr6: 'fd02::1', delay: 3 },
  ],
  dst: { addr: '10.99.0.1', addr6: 'fd99::1', delay: 9, tcp: { 80: 'open' } },
};

function outgoing(octets: Uint8Array): OutgoingDatagram {
  const { transport, ...header } = readDatagram(octets);
  return { ...header, flowLabel: 0, identification: 7, payload: transport };
}

const udp = (fields: ProbeFields) => outgoing(udpProbe(fields));
const random = () => seededRandom(5);

function open(protocols: readonly number[] = []) {
  const clock = new VirtualClock();
  return { clock, sim: new SimTransport({ path: PATH, clock, protocols }) };
}

/** All that arrives within 100 ms of what is sent at 0 ms. */
async function exchange(
  clock: VirtualClock,
  transport: Transport,
  sends: readonly OutgoingDatagram[],
): Promise<ReceivedDatagram[]> {
  const received: ReceivedDatagram[] = [];
  transport.onReadable(() => received.push(...transport.receive()));
  for (const datagram of sends) assert.equal(transport.send(datagram).status, 'sent');
  await clock.run(
    new Promise<void>((resolve) => {
      clock.schedule(100, resolve);
    }),
  );
  return received;
}

describe('SimTransport', () => {
  it("answers after the path's delays, in order of arrival", async () => {
    const { clock, sim } = open();
    const received = await exchange(clock, sim, [udp({ ttl: 1 }), udp({ ttl: 2 })]);
    assert.deepEqual(
      received.map(({ source, atMs, hasHeader, protocol }) => [source, atMs, hasHeader, protocol]),
      [
        ['10.2.0.1', 3, true, 1],
        ['10.1.0.1', 5, true, 1],
      ],
    );
    assert.equal(readDatagram(received[0]?.octets ?? new Uint8Array()).ttl, 254);
  });

  it('records what was sent', () => {
    const { sim } = open();
    sim.send(udp({ ttl: 2, port: 40000, tos: 16, dontFragment: true }));
    assert.deepEqual(sim.probes, [
      {
        ...{ ttl: 2, proto: 17, dst: '10.99.0.1', src: '10.0.0.1', dport: 40000, flags: null, icmp: null },
        ...{ tos: 16, df: true, len: 40, ipsum_ok: true, l4sum_ok: true, opts: '', off: 0x4000 },
      },
    ]);
    assert.equal(sim.sent[0]?.atMs, 0);
  });

  it('gives IPv6 without its header, the hop limit besides', async () => {
    const { clock, sim } = open();
    const [reply] = await exchange(clock, sim, [udp({ ttl: 1, destination: 'fd99::1' })]);
    assert.deepEqual(
      [reply?.family, reply?.source, reply?.hasHeader, reply?.ttl, reply?.octets[0]],
      [6, 'fd01::1', false, 255, 3],
    );
  });

  it('delivers no protocol but ICMP that was not asked for', async () => {
    const syn = outgoing(tcpProbe({ ttl: 3 }));
    const deaf = open();
    assert.deepEqual(await exchange(deaf.clock, deaf.sim, [syn]), []);
    const { clock, sim } = open([6]);
    assert.equal((await exchange(clock, sim, [syn]))[0]?.source, '10.99.0.1');
  });

  it('does nothing once it is closed', async () => {
    const { clock, sim } = open();
    sim.send(udp({ ttl: 1 }));
    sim.close();
    sim.close();
    assert.throws(() => sim.send(udp({ ttl: 1 })), /closed/);
    await clock.run(
      new Promise<void>((resolve) => {
        clock.schedule(50, resolve);
      }),
    );
    assert.throws(() => sim.receive(), /closed/);
  });
});

describe('faults', () => {
  const sends = [1, 2, 1, 2, 1, 2].map((ttl, index) => udp({ ttl, port: 33435 + index }));

  async function under(fault: Parameters<typeof withFault>[2]): Promise<ReceivedDatagram[]> {
    const { clock, sim } = open();
    return exchange(clock, withFault(sim, clock, fault), sends);
  }

  it('duplicate: everything comes twice, the second time later', async () => {
    const times = (await under(duplicate(20))).map(({ atMs }) => atMs);
    assert.deepEqual(times, [3, 3, 3, 5, 5, 5, 23, 23, 23, 25, 25, 25]);
  });

  it('reorder: what arrives is the same in another order', async () => {
    const { clock, sim } = open();
    const plain = (await exchange(clock, sim, sends)).map(({ octets }) => octets.toString());
    const mixed = (await under(reorder(random(), 50))).map(({ octets }) => octets.toString());
    assert.notDeepEqual(mixed, plain);
    assert.deepEqual(mixed.sort(), plain.sort());
  });

  it('drop: some do not come', async () => {
    const { length } = await under(drop(random(), 0.5));
    assert.ok(length > 0 && length < 6, `${length} of 6`);
  });

  it('corrupt: one octet differs', async () => {
    const { clock, sim } = open();
    const plain = await exchange(clock, sim, sends);
    const spoiled = await under(corrupt(random()));
    for (const [index, { octets }] of spoiled.entries()) {
      const differing = octets.filter((octet, at) => octet !== plain[index]?.octets[at]);
      assert.equal(differing.length, 1);
    }
  });

  it('cutQuotes: 8 octets of transport are left', async () => {
    for (const { octets } of await under(cutQuotes())) assert.equal(octets.length, 20 + 8 + 20 + 8);
    const { clock, sim } = open();
    const [six] = await exchange(clock, withFault(sim, clock, cutQuotes()), [
      udp({ ttl: 1, destination: 'fd99::1' }),
    ]);
    assert.equal(six?.octets.length, 8 + 40 + 8);
  });

  it('inject: foreign datagrams come along', async () => {
    const { clock, sim } = open();
    const [foreign] = await exchange(clock, sim, [udp({ ttl: 2, source: '10.0.0.250' })]);
    assert.ok(foreign);
    const received = await under(inject([foreign]));
    assert.equal(received.length, 12);
    assert.deepEqual(received[1]?.octets, foreign.octets);
  });

  it('withRefusals: a send may be refused', () => {
    const { sim } = open();
    const busy = withRefusals(sim, (_, count) => (count === 0 ? { status: 'busy' } : undefined));
    assert.deepEqual(
      [udp({ ttl: 1 }), udp({ ttl: 1 })].map((datagram) => busy.send(datagram).status),
      ['busy', 'sent'],
    );
    assert.equal(sim.sent.length, 1);
  });
});

describe('a source-routed probe', () => {
  it('has a checksum over its final destination', () => {
    const { sim } = open();
    const options = Uint8Array.of(1, 131, 7, 4, ...octetsOf('10.99.0.1'));
    const probe = udp({ ttl: 1 });
    sim.send({ ...probe, options, destination: octetsOf('10.1.0.1') });
    assert.deepEqual(
      sim.probes.map(({ dst, l4sum_ok, opts, len }) => [dst, l4sum_ok, opts, len]),
      [['10.1.0.1', true, '018307040a630001', 48]],
    );
  });
});
