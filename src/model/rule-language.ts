/** The languages in which packet filters are told what to let pass. */

/** nft(8), pf.conf(5), access lists of Cisco IOS, security groups of AWS: in the order in which rules are shown. */
export const RULE_LANGUAGES = ['nft', 'pf', 'ios', 'aws'] as const;

/** One of them. */
export type RuleLanguage = (typeof RULE_LANGUAGES)[number];
