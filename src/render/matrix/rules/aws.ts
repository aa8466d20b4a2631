/** Rules for a security group of AWS, as the command that adds one. A group keeps state, so that answers need no rule. */
import type { RuleFacts } from './rule-flow.ts';

/** The command, with a comment before it where the group cannot say all. `sg-ID` stands for the group. */
export function awsRules(facts: RuleFacts): readonly string[] {
  const { family, source, protocol, words } = facts;
  const range = family === 4 ? `IpRanges=[{CidrIp=${source}/32}]` : `Ipv6Ranges=[{CidrIpv6=${source}/128}]`;
  const permission = [`IpProtocol=${words.name ?? protocol}`, ...whatOf(facts), range].join();
  return [
    ...(words.note === undefined ? [] : [`# ${words.note}`]),
    `aws ec2 authorize-security-group-ingress --group-id sg-ID --ip-permissions '${permission}'`,
  ];
}

/** The port as a range, or a type and code of ICMP. EC2 API, IpPermission: any other protocol has neither. */
function whatOf({ port, lastPort = port, words }: RuleFacts): readonly string[] {
  if (words.match !== undefined) return [words.match];
  return port !== undefined && words.matchesPort ? [`FromPort=${port},ToPort=${lastPort}`] : [];
}
