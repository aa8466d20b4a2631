/** Covers raw-transport.ts, outlet.ts and raw-system.ts beyond the suite that all transports share. */
import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import type { RawOptions } from '../../../src/ports/transport.ts';
import { TransportError } from '../../../src/model/errors.ts';
import { LINUX_IPV6_FIELDS, rawSystem, type RawSystem } from '../../../src/net/portable/raw-system.ts';
import { RawTransport } from '../../../src/net/portable/raw-transport.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { arrivals, echoReplies, echoRequest } from '../conformance/suite.ts';
import { rawOptions } from '../conformance/raw-options.ts';
import { outgoing, udpTo } from '../conformance/outgoing.ts';
import { enterOwnNetwork, networkMissing } from '../conformance/own-network.ts';

const LOOPBACK6 = { from: '::1', to: '::1' };
const { tcp, udp, gre } = IP_PROTOCOL;

describe('raw sockets of a system', () => {
  it('take IPv6 headers on Linux alone', () => {
    const taking = ['linux', 'darwin', 'freebsd', 'netbsd', 'openbsd'].filter(
      (platform) => rawSystem(platform).ipv6Fields === undefined,
    );
    assert.deepEqual(taking, ['linux']);
  });

  it('have the IPv6 option numbers of netinet6/in6.h, of which macOS has an older one', () => {
    assert.equal(rawSystem('freebsd').ipv6Fields?.trafficClass, 61);
    assert.equal(rawSystem('openbsd').ipv6Fields?.trafficClass, 61);
    assert.deepEqual(rawSystem('darwin').ipv6Fields, {
      hopLimit: 4,
      trafficClass: 36,
      packetInfo: 46,
      dontFragment: 62,
      autoFlowLabel: 59,
    });
  });
});

describe(
  'raw-socket transport where the kernel writes IPv6 headers',
  { skip: networkMissing() ?? false },
  () => {
    const system: RawSystem = {
      ...rawSystem('linux'),
      name: 'likebsd',
      headerForm: undefined,
      ipv6Fields: LINUX_IPV6_FIELDS,
      sendBufferLength: 0xffff,
      hearsTcp: false,
    };
    const warnings: string[] = [];
    const opened: RawTransport[] = [];

    function open(changes: Partial<RawOptions> = {}): RawTransport {
      const warn = (message: string) => warnings.push(message);
      const transport = new RawTransport(rawOptions({ warn, ...changes }), system);
      opened.push(transport);
      return transport;
    }

    before(enterOwnNetwork);
    afterEach(() => {
      for (const transport of opened.splice(0)) transport.close();
      warnings.length = 0;
    });

    it('sends and receives ICMPv6 through one socket', async () => {
      const transport = open();
      transport.send(echoRequest(LOOPBACK6, 7));
      assert.deepEqual(echoReplies(await arrivals(transport, 2)), [7]);
    });

    it('sends protocols that nobody answers in kind, once they are named', () => {
      const probe = outgoing(LOOPBACK6, gre, { payload: new Uint8Array(8) });
      assert.equal(open({ probeProtocols: [gre] }).send(probe).status, 'sent');
      assert.throws(() => open().send(probe), { message: 'no socket for protocol 47 over IPv6 was opened' });
    });

    it('refuses a flow label, which it cannot set', () => {
      const result = open({ probeProtocols: [udp] }).send(udpTo(LOOPBACK6, 40_001, { flowLabel: 5 }));
      assert.ok(result.status === 'failed' && result.error instanceof TransportError);
      assert.deepEqual(
        [result.error.code, result.error.message],
        ['EINVAL', 'this system lets no IPv6 flow label be chosen'],
      );
    });

    it('says in one line that answers over TCP are not heard, and only where TCP is to be heard', () => {
      open({ protocols: [udp] });
      assert.deepEqual(warnings, []);
      open({ protocols: [tcp] });
      assert.deepEqual(warnings, [
        'likebsd gives raw sockets no TCP: answers of the target itself are not seen',
      ]);
    });
  },
);
