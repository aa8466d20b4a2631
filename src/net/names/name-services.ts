/** Knows which services this machine finds its hosts with. nsswitch.conf(5) */
import { readFileSync } from 'node:fs';

/** The services that this program asks itself: the hosts file and the name servers. */
const OWN = ['files', 'dns'];

/**
 * True where a machine has more ways to a host's name than the hosts file and the name servers: containers, multicast
 * DNS, directories. False without the file, as on systems that know no such services.
 * @param file - an nsswitch.conf
 */
export function hasOtherServices(file: string): boolean {
  return servicesOf(textOf(file)).some((service) => !OWN.includes(service));
}

/** The services of the `hosts` line; none when there is no such line. */
function servicesOf(text: string): readonly string[] {
  const line = text
    .split('\n')
    .map((each) => each.replace(/#.*/, ''))
    .find((each) => /^\s*hosts\s*:/.test(each));
  if (line === undefined) return [];
  // what to do after a service, such as [NOTFOUND=return], may have spaces
  const names = line.slice(line.indexOf(':') + 1).replace(/\[[^\]]*\]/g, ' ');
  return names.split(/\s+/).filter((name) => name !== '');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
