/** The completion script of bash, 3.2 or later. */
import type { OptionTable } from '../option-table.ts';
import { functionName, spellings, valuesOf, type CommandLine, type Values } from './command-line.ts';
import { shellQuote } from './quote.ts';

/** Functions that list interfaces, on Linux and BSD, and addresses, with `ip` or `ifconfig`. */
const helpers = (name: string): string => `${name}_interfaces() {
  if [[ -d /sys/class/net ]]; then
    local path
    for path in /sys/class/net/*; do echo "\${path##*/}"; done
  else
    ifconfig -l 2>/dev/null
  fi
}

${name}_addresses() {
  { ip -o address show 2>/dev/null || ifconfig -a 2>/dev/null; } |
    sed -n 's/.*inet6\\{0,1\\} \\(addr:\\)\\{0,1\\}\\([0-9a-fA-F:.]*\\).*/\\2/p'
}
`;

/** The arguments of `compgen` that make the values; undefined where there is nothing to offer. */
function generator(values: Values, name: string): string | undefined {
  switch (values.from) {
    case 'choices':
      return `-W ${shellQuote(values.choices.map(({ value }) => value).join(' '))}`;
    case 'interfaces':
    case 'addresses':
      return `-W "$(${name}_${values.from})"`;
    case 'hosts':
      return '-A hostname';
    case 'services':
      return '-A service';
    case 'files':
      return '-A file';
    case 'free':
      return undefined;
  }
}

/** A branch of the `case`; '' where there is nothing to offer. */
function branch(patterns: readonly string[], values: Values, name: string): string {
  const from = generator(values, name);
  if (from === undefined) return '';
  // of a list, what stands before the last comma is kept
  if (values.from === 'choices' && values.isList) {
    return `    ${patterns.join(' | ')}) [[ $current == *,* ]] && attached+=\${current%,*}, current=\${current##*,}
      COMPREPLY=($(compgen -P "$attached" ${from} -- "$current")) ;;\n`;
  }
  return `    ${patterns.join(' | ')}) COMPREPLY=($(compgen -P "$attached" ${from} -- "$current")) ;;\n`;
}

function letters(options: OptionTable<never>): string {
  return options.map(({ letter = '' }) => letter).join('');
}

/** Walks over the words before the current one. Finds the option that still lacks its value, and counts operands. */
function walk(flags: string, valued: string, valuedLongs: readonly string[]): string {
  return `  while ((index < COMP_CWORD)); do
    word=\${COMP_WORDS[index]}
    option=
    ((index += 1))
    if [[ $ended ]]; then
      ((operands += 1))
    elif [[ $word == -- ]]; then
      ended=1
    elif [[ $word =~ ^(${valuedLongs.join('|')})$ ]]; then
      option=$word
      [[ \${COMP_WORDS[index]} == = ]] && ((index += 1))
      ((index += 1))
    elif [[ $word =~ ^-[${flags}]*([${valued}])$ ]]; then
      option=-\${BASH_REMATCH[1]}
      ((index += 1))
    elif [[ $word != -?* ]]; then
      ((operands += 1))
    fi
  done
  ((index > COMP_CWORD)) || option=
  [[ $option == --* && $current == = ]] && current=
  if [[ ! $option && ! $ended && $current =~ ^(-[${flags}]*([${valued}]))(.+)$ ]]; then
    attached=\${BASH_REMATCH[1]} option=-\${BASH_REMATCH[2]} current=\${BASH_REMATCH[3]}
  fi
`;
}

/** Makes the script: one function, and its registration. */
export function bashScript({ program, options, operands }: CommandLine): string {
  const name = functionName(program);
  const flags = options.filter(({ argument }) => argument === undefined);
  const valued = options.filter(({ argument }) => argument !== undefined);
  const valuedLongs = valued.flatMap(({ long }) => (long === undefined ? [] : [`--${long}`]));
  const words = shellQuote(options.flatMap(spellings).join(' '));
  const branches = [
    ...valued.map((row) => branch(spellings(row), valuesOf(row), name)),
    ...operands.map(({ values }, index) => branch([String(index)], values, name)),
  ];
  return `${helpers(name)}
${name}() {
  local IFS=$' \\t\\n' current=\${COMP_WORDS[COMP_CWORD]}
  local index=1 word option= attached= ended= operands=0
  COMPREPLY=()
${walk(letters(flags), letters(valued), valuedLongs)}  if [[ ! $option && ! $ended && $current == -* ]]; then
    COMPREPLY=($(compgen -W ${words} -- "$current"))
    return
  fi
  case \${option:-$operands} in
${branches.join('')}  esac
}

complete -F ${name} ${shellQuote(program)}
`;
}
