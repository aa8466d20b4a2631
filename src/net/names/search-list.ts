/** Applies the search list of resolv.conf(5). */
import { fitsQuery } from './host-name.ts';
import type { ResolvConf } from './resolv-conf.ts';

/** The full names to try for `name`, in order. A name with a dot at its end is tried alone. */
export function candidatesFor(
  name: string,
  { search, ndots }: Pick<ResolvConf, 'search' | 'ndots'>,
): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain}`).filter(fitsQuery);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...searched] : [...searched, name];
}
