import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { ResolveError } from '../../../src/model/errors.ts';
import { openResolver } from '../../../src/net/names/resolver.ts';
import { systemAddresses, systemName, wantThreads } from '../../../src/net/names/system-lookup.ts';
import { closeAll, fileOf } from './servers.ts';

afterEach(closeAll);

describe("the C library's names", () => {
  it('have localhost, in the order of the families', async () => {
    const [first, ...rest] = await systemAddresses('localhost', [4, 6]);
    assert.equal(first, '127.0.0.1');
    assert.ok(rest.every((address) => isIP(address) === 6));
  });

  it('have nothing of a family that is not asked for', async () => {
    assert.deepEqual(await systemAddresses('127.0.0.1', [6]), []);
  });

  it('have a name for loopback', async () => {
    assert.equal(await systemName('127.0.0.1'), 'localhost');
  });

  it('are asked with threads to wait in, as many as the user wants', () => {
    const before = process.env['UV_THREADPOOL_SIZE'];
    try {
      delete process.env['UV_THREADPOOL_SIZE'];
      wantThreads();
      assert.equal(process.env['UV_THREADPOOL_SIZE'], '32');
      process.env['UV_THREADPOOL_SIZE'] = '7';
      wantThreads();
      assert.equal(process.env['UV_THREADPOOL_SIZE'], '7');
    } finally {
      if (before === undefined) delete process.env['UV_THREADPOOL_SIZE'];
      else process.env['UV_THREADPOOL_SIZE'] = before;
    }
  });
});

describe('a resolver of a machine with other services', () => {
  const open = (): ReturnType<typeof openResolver> =>
    openResolver({ nameServices: fileOf('hosts: files mymachines dns\n') });

  it('asks the C library for addresses and names', async () => {
    const resolver = open();
    const { addresses } = await resolver.resolve('localhost', [4]);
    assert.deepEqual(addresses, ['127.0.0.1']);
    assert.equal(await resolver.nameOf('127.0.0.1'), 'localhost');
    resolver.close();
  });

  it('has no name any more once it is closed', async () => {
    const resolver = open();
    resolver.close();
    assert.equal(await resolver.nameOf('127.0.0.1'), undefined);
    await assert.rejects(resolver.resolve('localhost', [4]), ResolveError);
  });
});
