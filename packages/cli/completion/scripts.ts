import type { ChoicesOf, WordsOf } from './words.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

type Known = { words: readonly WordsOf[]; choices: readonly ChoicesOf[] };

/** A script for the shell: it holds all words, so that nothing is started while somebody types. */
export const completionScript = (shell: Shell, known: Known): string =>
  shell === 'fish' ? fishScript(known) : posixScript(known, shell);

/** Which command the words name so far, and what may follow. `typed` holds them, without the one that is being typed. */
const lookUp = ({ words, choices }: Known): string => `  local at='' last='' word
  for word in "\${typed[@]}"; do
    last=$word
    case "$at/$word" in
${words
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      '${parentOf(path)}/${nameOf(path)}') at='${path}' ;;`)
  .join('\n')}
    esac
  done
  local found=''
  case "$at" in
${words.map(({ path, words: known }) => `    '${path}') found='${known.join(' ')}' ;;`).join('\n')}
  esac
  case "$last" in
${choices.map(({ after, choices: known }) => `    ${after}) found='${known.join(' ')}' ;;`).join('\n')}
  esac`;

const parentOf = (path: string) => path.split(' ').slice(0, -1).join(' ');
const nameOf = (path: string) => path.split(' ').at(-1)!;

const posixScript = (known: Known, shell: 'bash' | 'zsh'): string =>
  shell === 'bash'
    ? `_savepoint() {
  local typed=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${lookUp(known)}
  COMPREPLY=($(compgen -W "$found" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _savepoint savepoint
`
    : `#compdef savepoint
_savepoint() {
  local -a typed=("\${words[@]:1:$((CURRENT - 2))}")
${lookUp(known)}
  compadd -- \${=found}
}
compdef _savepoint savepoint
`;

const fishScript = ({ words, choices }: Known): string => `function __savepoint_words
  set -l typed (commandline -opc)[2..-1]
  set -l at ''
  set -l last ''
  for word in $typed
    set last $word
    switch "$at/$word"
${words
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      case '${parentOf(path)}/${nameOf(path)}'\n        set at '${path}'`)
  .join('\n')}
    end
  end
  switch "$last"
${choices.map(({ after, choices: known }) => `    case ${after}\n      printf '%s\\n' ${known.join(' ')}\n      return`).join('\n')}
  end
  switch "$at"
${words.map(({ path, words: known }) => `    case '${path}'\n      printf '%s\\n' ${known.join(' ')}`).join('\n')}
  end
end
complete -c savepoint -f -a '(__savepoint_words)'
`;
