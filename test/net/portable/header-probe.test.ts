/** Covers header-probe.ts: over Linux itself, and over what the sources of other kernels say that they do. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RawSocketPackage } from 'raw-socket';
import { TransportError } from '../../../src/model/errors.ts';
import { IPPROTO_RAW } from '../../../src/net/linux/constants.ts';
import { requirePackage } from '../../../src/net/optional-package.ts';
import { WIRE_FORM, type HeaderForm } from '../../../src/net/portable/header-form.ts';
import { findHeaderForm } from '../../../src/net/portable/header-probe.ts';
import { RawHandle } from '../../../src/net/portable/raw-handle.ts';
import { IP_PROTOCOL } from '../../../src/wire/codes.ts';
import { mustRun } from '../../lab/command.ts';
import { enterOwnNetwork, networkMissing } from '../conformance/own-network.ts';

/** A kernel's treatment of IPv4 headers on raw sockets. */
interface Kernel {
  readonly form: HeaderForm;
  /** Octets that it takes off the total length it hands out. */
  readonly takesOff: number;
}

/** From rip_output, rip_input and icmp_input of each; only macOS turns the quote's length. */
const KERNELS: Readonly<Record<string, Kernel>> = {
  'xnu (macOS)': { form: { sent: 'host', received: 'host', quoted: 'host' }, takesOff: 20 },
  NetBSD: { form: { sent: 'host', received: 'host', quoted: 'network' }, takesOff: 20 },
  'a kernel that keeps the whole length': {
    form: { sent: 'host', received: 'host', quoted: 'network' },
    takesOff: 0,
  },
  'OpenBSD, and FreeBSD 11': { form: WIRE_FORM, takesOff: 0 },
};

/** The two sockets of a probe on a little-endian machine with that kernel. */
function socketsOf({ form, takesOff }: Kernel) {
  const loopback: Uint8Array[] = [];
  const turn = (octets: Uint8Array, at: number): void => {
    octets.subarray(at, at + 2).reverse();
  };
  return {
    send(octets: Uint8Array, address: string): void {
      assert.equal(address, '127.0.0.1');
      const wire = octets.slice();
      if (form.sent === 'host')
        [2, 6].forEach((at) => {
          turn(wire, at);
        });
      const view = new DataView(wire.buffer);
      if (view.getUint16(2) !== wire.length) throw new TransportError('EINVAL', 'Invalid argument');
      if (form.quoted === 'host') turn(wire, 28 + 2);
      view.setUint16(2, view.getUint16(2) - takesOff);
      if (form.received === 'host')
        [2, 6].forEach((at) => {
          turn(wire, at);
        });
      loopback.push(new Uint8Array(36), wire); // and a stranger's before it
    },
    receive: () => {
      const octets = loopback.shift();
      return octets && { octets, source: '127.0.0.1' };
    },
  };
}

describe('the byte order of IPv4 headers', () => {
  for (const [name, kernel] of Object.entries(KERNELS)) {
    it(`is found for ${name}`, () => {
      const sockets = socketsOf(kernel);
      assert.deepEqual(findHeaderForm(sockets, sockets), kernel.form);
    });
  }

  it('is the one that was taken, where nothing comes over loopback', () => {
    const sender = socketsOf({ form: { sent: 'host', received: 'host', quoted: 'host' }, takesOff: 20 });
    const form = findHeaderForm(sender, { receive: () => undefined });
    assert.deepEqual(form, { sent: 'host', received: 'host', quoted: 'network' });
  });

  it('does not hide a fault of ours', () => {
    const send = (): void => {
      throw new RangeError('a fault');
    };
    assert.throws(() => findHeaderForm({ send }, { receive: () => undefined }), RangeError);
  });
});

describe("the byte order of Linux's IPv4 headers", { skip: networkMissing() ?? false }, () => {
  const handles: RawHandle[] = [];
  before(enterOwnNetwork);
  after(() => {
    for (const handle of handles) handle.close();
  });

  function find(): HeaderForm {
    const raw = requirePackage('raw-socket') as RawSocketPackage; // what require returns has no type
    const sender = new RawHandle(raw, 4, IPPROTO_RAW);
    const icmp = new RawHandle(raw, 4, IP_PROTOCOL.icmp);
    handles.push(sender, icmp);
    sender.setOption(raw.SocketLevel.IPPROTO_IP, raw.SocketOption.IP_HDRINCL, 1);
    return findHeaderForm(sender, icmp);
  }

  it('is that of the wire', () => {
    assert.deepEqual(find(), WIRE_FORM);
  });

  it('is that of the wire where loopback is down', () => {
    mustRun('ip', ['link', 'set', 'lo', 'down']);
    try {
      assert.deepEqual(find(), WIRE_FORM);
    } finally {
      mustRun('ip', ['link', 'set', 'lo', 'up']);
    }
  });
});
