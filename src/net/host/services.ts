/** Knows TCP services by name and port, from /etc/services and from a list of its own. */
import { readNumberFile } from './number-file.ts';

/** Makes the list for systems without the file. IANA "Service Name and Transport Protocol Port Number Registry" */
const builtIn = (): Readonly<Record<string, number>> => ({
  tcpmux: 1,
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  whois: 43,
  domain: 53,
  http: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  nntp: 119,
  ntp: 123,
  imap2: 143,
  bgp: 179,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  submissions: 465,
  shell: 514,
  submission: 587,
  ldaps: 636,
  'domain-s': 853,
  rsync: 873,
  imaps: 993,
  pop3s: 995,
  openvpn: 1194,
  'ms-sql-s': 1433,
  nfs: 2049,
  mysql: 3306,
  postgresql: 5432,
});
/** Other names of those services. */
const BUILT_IN_ALIASES: Readonly<Record<string, string>> = { www: 'http', mail: 'smtp', imap: 'imap2' };

/**
 * The TCP port of a service; undefined when nobody knows the name.
 * @param file - a services(5) file, which is asked first
 */
export function servicePort(name: string, file = '/etc/services'): number | undefined {
  const line = tcpLines(file).find(({ names }) => names.includes(name));
  return line?.number ?? own(builtIn(), own(BUILT_IN_ALIASES, name) ?? name);
}

/**
 * The name of the service at a TCP port; undefined when it has none.
 * @param file - a services(5) file; the list of our own counts only without TCP services in it
 */
export function serviceName(port: number, file = '/etc/services'): string | undefined {
  const lines = tcpLines(file);
  if (lines.length > 0) return lines.find(({ number }) => number === port)?.names[0];
  return Object.entries(builtIn()).find(([, number]) => number === port)?.[0];
}

/** A member of the table; nothing that the table inherits, such as `constructor`. */
function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function tcpLines(file: string): ReturnType<typeof readNumberFile> {
  return readNumberFile(file).filter(({ protocol }) => protocol === 'tcp');
}
