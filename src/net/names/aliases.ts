/** Follows the aliases in an answer. RFC 1034 section 3.6.2 */
import type { DnsQuery, ResourceRecord } from './dns-message.ts';

/** CNAMEs to follow; more are a loop or as bad. */
const LONGEST_CHAIN = 16;

/** The records of one name. */
export interface Answer {
  /** The name that the values belong to. */
  readonly canonicalName: string;
  /** In the server's order; empty when the name has no record of the type. */
  readonly values: readonly string[];
  /** True when all servers that answered refused to, which says nothing about the name. */
  readonly isRefused?: true;
}

/** Finds the values of the question's name, or of the name that its CNAMEs lead to. */
export function followAliases({ name, type }: DnsQuery, records: readonly ResourceRecord[]): Answer {
  const targets = new Map<string, string>();
  for (const record of records) {
    if (record.type === 'CNAME') targets.set(record.name.toLowerCase(), record.value);
  }
  let canonicalName = name;
  for (let length = 0; length < LONGEST_CHAIN; length++) {
    const target = targets.get(canonicalName.toLowerCase());
    if (target === undefined) break;
    canonicalName = target;
  }
  const owner = canonicalName.toLowerCase();
  const own = records.filter((record) => record.type === type && record.name.toLowerCase() === owner);
  return { canonicalName, values: own.map((record) => record.value) };
}
