import { MillraceError } from '../../base/kernel/index.ts'

/**
 * Java's pattern of a column's name as a regular expression of JavaScript, for whole names without regard to case.
 * Quantifiers that give nothing back (`?+`, `*+`, `++`, `{2}+`), which JavaScript lacks, become groups that are looked ahead.
 * @throws MillraceError OPTION_INVALID
 */
export function namePattern(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${withoutPossessive(pattern)})$`, 'is')
  } catch (cause) {
    throw new MillraceError('OPTION_INVALID', `colRegex: "${pattern}" is no regular expression`, { cause })
  }
}

function withoutPossessive(pattern: string): string {
  let out = ''
  // Where the last atom of `out` starts, and of the groups around it.
  let atom = 0
  const groups: number[] = []
  let count = 0
  for (let i = 0; i < pattern.length; ) {
    const rest = pattern.slice(i)
    const quantifier = /^(?:[?*+]|\{\d+(?:,\d*)?\})/.exec(rest)?.[0]
    if (quantifier !== undefined && out !== '') {
      i += quantifier.length
      if (pattern[i] === '+') {
        i += 1
        count += 1
        out = `${out.slice(0, atom)}(?=(?<kept${count}>${out.slice(atom)}${quantifier}))\\k<kept${count}>`
      } else if (pattern[i] === '?') {
        i += 1
        out += `${quantifier}?`
      } else out += quantifier
      continue
    }
    const piece = /^(?:\\[\s\S]|\[(?:\\[\s\S]|[^\]])*\]|[\s\S])/.exec(rest)?.[0] ?? ''
    if (piece === '(') groups.push(out.length)
    atom = piece === ')' ? (groups.pop() ?? out.length) : out.length
    out += piece
    i += piece.length
  }
  return out
}

/** A name in backticks is a pattern, perhaps behind a frame's alias: what `colRegex` takes; undefined for a plain name. */
export function writtenPattern(text: string): { readonly of?: string; readonly pattern: string } | undefined {
  const [, of, pattern] = /^(?:(?:`([^`]+)`|(\w+))\.)?`([\s\S]+)`$/.exec(text)?.filter((_, i) => i !== 2) ?? []
  if (pattern === undefined) return undefined
  return of === undefined ? { pattern } : { of, pattern }
}
