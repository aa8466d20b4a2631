import { fileURLToPath } from 'node:url';
import { openLab } from '../lab/lab.ts';
import { pathOf, TARGET } from './paths.ts';
const SCRIPT = fileURLToPath(new URL('../../dist/traceroute.js', import.meta.url));
const lab = await openLab();
try {
  await lab.take(pathOf(15, 80));
  for (const m of ['icmp', 'icmp,udp,tcp/80,tcp/443,tcp/443:ack,gre', 'icmp', 'icmp,udp,tcp/80,tcp/443,tcp/443:ack,gre']) {
    const r = await lab.run('bash', ['-c', `time ${process.execPath} ${SCRIPT} -n --matrix ${m} ${TARGET}`]);
    console.log(m, r.stderr.replace(/\n/g,' '));
    console.log(r.stdout.split('\n').slice(1,4).join('\n'));
  }
} finally { lab.close(); }
