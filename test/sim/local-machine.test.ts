import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDatagram } from './datagram.ts';
import { droppedOutput } from './local-firewall.ts';
import { LocalMachine } from './local-machine.ts';
import { echoProbe, udpProbe } from './make-probe.ts';
import type { PathFormat } from './path-format.ts';

const PATH: PathFormat = { src: '10.0.0.1', hops: [], dst: { addr: '10.99.0.1' } };
const NFT = [
  'add table ip t',
  'add chain ip t o { type filter hook output priority 0; }',
  'add rule ip t o udp dport 33436 drop',
];

function refusal(path: Partial<PathFormat>, octets: Uint8Array, dontFragment = false, dontRoute = false) {
  return new LocalMachine({ ...PATH, ...path }, dontRoute).refusalOf(readDatagram(octets), dontFragment)
    ?.code;
}

describe('the simulated machine of the tracer', () => {
  it('nft: does not send what its output chain drops', () => {
    assert.equal(refusal({ nft: NFT }, udpProbe({ port: 33436 })), 'EPERM');
    assert.equal(refusal({ nft: NFT }, udpProbe({ port: 33435 })), undefined);
    assert.throws(() => droppedOutput(['add rule ip t o tcp dport 1 accept']), /nft command not understood/);
  });

  it('mtu: does not send what is longer and may not be fragmented', () => {
    const long = udpProbe({ length: 1500 });
    assert.equal(refusal({}, long, true), 'EMSGSIZE');
    assert.equal(refusal({}, long, false), undefined);
    assert.equal(refusal({ mtu: 9000 }, long, true), undefined);
  });

  it('gateway: reaches nobody without routing', () => {
    assert.equal(refusal({ gateway: '10.0.0.254' }, udpProbe(), false, true), 'ENETUNREACH');
    assert.equal(refusal({ gateway: '10.0.0.254' }, udpProbe()), undefined);
    assert.equal(refusal({}, udpProbe(), false, true), undefined);
  });

  it('answers what is for itself, and nothing else', () => {
    const machine = new LocalMachine(PATH);
    for (const destination of ['127.0.0.1', '127.9.9.9', '10.0.0.1']) {
      assert.equal(machine.answerTo(readDatagram(echoProbe({ destination })))?.length, 1, destination);
    }
    assert.equal(machine.answerTo(readDatagram(echoProbe())), undefined);
  });
});
