/** Runs tcpdump on an interface of a namespace while something runs there. */
import type { ChildProcess } from 'node:child_process';
import { spawnIn } from '../lab/command.ts';
import { readPcap, type CapturedDatagram } from './pcap.ts';

/** tcpdump lags on a busy machine. Once nothing has come from it for so long, nothing more will. */
const QUIET_MS = 60;

/**
 * Waits until tcpdump listens.
 * @throws Error with what tcpdump said when it ends before that
 */
async function listening(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      reject(new Error(`tcpdump: ${said}`));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('listening on')) resolve();
    });
  });
}

/**
 * Captures what passes an interface while `run` runs, with the kernel's stamps.
 * @param filter - in the syntax of pcap-filter(7)
 * @throws Error with what tcpdump said when it cannot capture
 */
export async function captured<Result>(
  { namespace, device, filter }: { namespace: string; device: string; filter: string },
  run: () => Promise<Result>,
): Promise<{ result: Result; datagrams: CapturedDatagram[] }> {
  const options = ['--nano', '--immediate-mode', '-U', '-n', '-B', '8192', '-i', device, '-w', '-'];
  const child = spawnIn(namespace, 'tcpdump', [...options, filter]);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise((resolve) => child.on('close', resolve));
  try {
    await listening(child);
    const result = await run();
    await quiet();
    return { result, datagrams: await stopped() };
  } finally {
    child.kill('SIGTERM');
  }

  async function quiet(): Promise<void> {
    let seen = -1;
    while (seen < chunks.length) {
      seen = chunks.length;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  }

  async function stopped(): Promise<CapturedDatagram[]> {
    child.kill('SIGTERM');
    await closed;
    return readPcap(Buffer.concat(chunks));
  }
}
