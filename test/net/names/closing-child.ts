/** Asks servers that do not answer, and closes once both were asked. It should then end by itself. */
import { once } from 'node:events';
import { openResolver, type ResolverOptions } from '../../../src/net/names/resolver.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as ResolverOptions; // the test's own
const resolver = openResolver(options);
const answers = Promise.all([resolver.nameOf('192.0.2.2'), resolver.originOf('192.0.2.2')]);
process.stdin.resume();
await once(process.stdin, 'end');
resolver.close();
process.stdout.write(JSON.stringify((await answers).map((answer) => answer ?? null)));
