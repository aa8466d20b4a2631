/** The machine that this process runs on. */
import { readFileSync } from 'node:fs';
import type { Machine, ReservedPort } from '../../ports/machine.ts';
import type { Address, Family } from '../../model/address.ts';
import { TransportError } from '../../model/errors.ts';
import { listInterfaces } from './interfaces.ts';
import { localSockets } from './local-sockets.ts';
import { routeTo } from './routes.ts';
import { openTransport } from '../open-transport.ts';
import { randomBelow } from '../random.ts';

const DEFAULT_TTL_FILE: Record<Family, string> = {
  4: '/proc/sys/net/ipv4/ip_default_ttl',
  6: '/proc/sys/net/ipv6/conf/default/hop_limit',
};
/** RFC 1700 recommends it; Linux, macOS and the BSDs start with it. */
const DEFAULT_TTL = 64;

function defaultTtl(family: Family): number {
  try {
    const ttl = Number(readFileSync(DEFAULT_TTL_FILE[family], 'utf8'));
    return ttl >= 1 && ttl <= 255 ? ttl : DEFAULT_TTL;
  } catch {
    return DEFAULT_TTL; // only Linux has the file
  }
}

async function isOwn(address: Address): Promise<boolean> {
  try {
    const reserved = await localSockets.reserveUdpPort(address, 0);
    reserved.release();
    return true;
  } catch (error) {
    if (error instanceof TransportError) return false;
    throw error;
  }
}

async function reservePort(
  kind: 'tcp' | 'udp',
  families: readonly Family[],
  port: number,
): Promise<ReservedPort> {
  const reserve = kind === 'tcp' ? localSockets.reserveTcpPort : localSockets.reserveUdpPort;
  if (!families.includes(6)) return await reserve('0.0.0.0', port);
  try {
    return await reserve('::', port); // for both families
  } catch (error) {
    if (families.includes(4)) return await reserve('0.0.0.0', port);
    throw error;
  }
}

/** Interfaces, ports and sockets of this machine. */
export const thisMachine: Omit<Machine, 'dropPrivileges'> = {
  defaultTtl,
  interfaces: listInterfaces,
  sourceTowards: async (destination) => await localSockets.sourceTowards(destination),
  routeTo,
  isOwn,
  reservePort,
  openTransport,
  random: randomBelow,
};
