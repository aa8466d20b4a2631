/** `npm run setup`: brings the programs that tests call. */
import { setUp } from './set-up.ts';
import { here } from './tools.ts';

const say = (line: string): void => {
  console.log(line);
};
if (!setUp(say, { ...here(), isRoot: process.getuid?.() === 0 })) process.exitCode = 1;
