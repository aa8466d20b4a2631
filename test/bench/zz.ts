import { fileURLToPath } from 'node:url';
import { openLab } from '../lab/lab.ts';
import { median } from './measure.ts';
import { pathOf, TARGET } from './paths.ts';
const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const lab = await openLab();
try {
  await lab.take(pathOf(15, 80));
  const time = async (args: string[]) => { const t = performance.now(); const r = await lab.run(process.execPath, [SCRIPT, '-n', ...args, TARGET]); const e = performance.now() - t; if (r.stderr && !r.stderr.startsWith('tracer')) console.log(r.stderr); return { e, out: r.stdout, n: r.probes.length }; };
  const one: number[] = [], six: number[] = [], all: number[] = [], single: number[]=[];
  let last = ''; let lastn = 0;
  for (let i = 0; i < 15; i++) { one.push((await time(['--matrix', 'icmp'])).e); const s = await time(['--matrix', 'icmp,udp,tcp/80,tcp/443,tcp/443:ack,gre']); six.push(s.e); last = s.out; lastn = s.n; single.push((await time(['-I'])).e); all.push((await time(['--matrix', 'tcp/1-26,icmp,udp,gre,esp,sctp/9,udplite/9'])).e);}
  console.log('min', Math.min(...one).toFixed(0), Math.min(...six).toFixed(0), (Math.min(...six)/Math.min(...one)).toFixed(2)); console.log('1:', median(one).toFixed(0), '6:', median(six).toFixed(0), 'ratio', (median(six)/median(one)).toFixed(2), 'trace -I', median(single).toFixed(0), '32:', median(all).toFixed(0), lastn);
  console.log(last.split('\n').slice(-8).join('\n'));
} finally { lab.close(); }
