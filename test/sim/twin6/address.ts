/** IPv6 addresses in place of the recorded IPv4 ones. */

/** Documentation prefixes for documentation prefixes. RFC 5737, RFC 3849. */
const PUBLIC: Readonly<Record<string, string>> = {
  '192.0.2': '2001:db8:c0',
  '198.51.100': '2001:db8:c6',
  '203.0.113': '2001:db8:cb',
};

/** Gives each IPv4 address of the recorded paths its IPv6 kin: `10.NN.0.M` is `fdNN::M`, `127.0.0.1` is `::1`. */
export function toIpv6(text: string): string {
  return text
    .replace(
      /\b10\.(\d+)\.0\.(\d+)\b/g,
      (_, net: string, host: string) => `fd${net.padStart(2, '0')}::${host}`,
    )
    .replace(/\b(192\.0\.2|198\.51\.100|203\.0\.113)\.(\d+)\b/g, (_, net: string, host: string) => {
      return `${PUBLIC[net]}::${host}`;
    })
    .replace(/\b192\.168\.7\.7\b/g, 'fd77::7')
    .replace(/\b127\.0\.0\.1\b/g, '::1');
}
