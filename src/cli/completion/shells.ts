// Completion scripts for shells. They hold the words themselves, so that completing starts no process.
import type { CommandWords } from './words.js'

/** A text as one word of a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** The cases of a shell's `case`: which words follow a command, and which an option of it. */
function cases(words: readonly CommandWords[]): {
  readonly paths: string
  readonly next: string
  readonly values: string
} {
  const paths = words.filter(({ path }) => path !== '').map(({ path }) => quote(path))
  const next = words.map(({ path, commands, options }) => {
    const all = [...commands.map(({ name }) => name), ...options.flatMap(({ flags }) => flags)]
    return `    ${quote(path)}) words=${quote(all.join(' '))} ;;`
  })
  const values = words.flatMap(({ path, options }) =>
    options.flatMap(({ flags, takesValue, choices }) =>
      takesValue
        ? [
            `    ${flags.map((flag) => quote(`${path}:${flag}`)).join('|')}) words=${quote(choices.join(' '))} ;;`
          ]
        : []
    )
  )
  return { paths: paths.join('|'), next: next.join('\n'), values: values.join('\n') }
}

/** For bash; files are completed where nothing of ours begins like this. */
export function bashCompletion(words: readonly CommandWords[]): string {
  const { paths, next, values } = cases(words)
  return `# bash completion for casemate: source <(casemate completion bash)
_casemate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${next}
  esac
  case "$path:$previous" in
${values}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _casemate casemate
`
}

/** For zsh. */
export function zshCompletion(words: readonly CommandWords[]): string {
  const { paths, next, values } = cases(words)
  return `#compdef casemate
# zsh completion for casemate: casemate completion zsh > "\${fpath[1]}/_casemate"
_casemate() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" place='' word
  local -a given=("\${(@)words[2,CURRENT-1]}")
  for word in $given; do
    case "\${place:+$place }$word" in
      ${paths}) place="\${place:+$place }$word" ;;
    esac
  done
  local words=''
  case "$place" in
${next}
  esac
  case "$place:$previous" in
${values}
  esac
  compadd -- \${=words}
  [[ "$current" == -* ]] || _files
}
compdef _casemate casemate
`
}

/** For fish. */
export function fishCompletion(words: readonly CommandWords[]): string {
  const lines = words.flatMap(({ path, commands, options }) => {
    const when = conditionOf(
      path,
      commands.map(({ name }) => name)
    )
    return [
      ...commands.map(
        ({ name, description }) =>
          `complete -c casemate -f -n ${when} -a ${quote(name)} -d ${quote(description)}`
      ),
      ...options.map(({ flags, description, takesValue, choices }) => {
        const names = flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`
        )
        const value = !takesValue ? '' : choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : ' -r'
        return `complete -c casemate -n ${when} ${names.join(' ')}${value} -d ${quote(description)}`
      })
    ]
  })
  return ['# fish completion for casemate: casemate completion fish | source', ...lines, ''].join('\n')
}

/** After all words of a path and before any that goes on from there. */
function conditionOf(path: string, further: readonly string[]): string {
  const seen = path === '' ? [] : path.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`)
  const notYet = further.length === 0 ? [] : [`not __fish_seen_subcommand_from ${further.join(' ')}`]
  return quote([...seen, ...notYet].join('; and '))
}
