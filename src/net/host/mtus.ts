/** Lists the MTUs of this machine's interfaces. */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = '/sys/class/net';

/** In octets, in no order; none where the system does not tell. */
export function interfaceMtus(): number[] {
  try {
    return readdirSync(FOLDER).flatMap((name) => mtuOf(name) ?? []);
  } catch {
    return []; // only Linux has the folder
  }
}

/** Undefined for what is no interface, and for one that has gone away meanwhile. */
function mtuOf(name: string): number | undefined {
  try {
    const mtu = Number(readFileSync(`${FOLDER}/${name}/mtu`, 'utf8'));
    return mtu > 0 ? mtu : undefined;
  } catch {
    return undefined;
  }
}
