import type { Place } from '../../../base/kernel/index.ts'

/** Where the engine points in compiled SQL, and the name it speaks of. Lines and columns count from 1. */
export interface CompiledPlace {
  readonly line: number
  readonly column?: number
  readonly word?: string
}

/**
 * The place in a model's template that a place in its compiled SQL comes from: the same occurrence of the word where
 * both have it as often, else the only line that reads the same, else the word's only occurrence. Undefined where none
 * of these tells, as for what a macro wrote. Pure.
 */
export function placeInSource(
  source: string,
  compiled: string,
  { line, column, word }: CompiledPlace,
): Pick<Place, 'line' | 'column'> | undefined {
  const row = compiled.split('\n')[line - 1] ?? ''
  const pointed = column === undefined ? undefined : /^"?(\w+)/.exec(row.slice(column - 1))?.[1]
  const name = word ?? pointed
  if (name === undefined) return undefined
  const visible = withoutBlocks(source)
  const [own, made] = [occurrences(visible, name), occurrences(compiled, name)]
  const start = offsetOf(compiled, line) + (column ?? 1) - 1
  const which = made.findIndex((offset) => offset >= start)
  const same = own.length === made.length ? own[which] : undefined
  if (same !== undefined) return lineAndColumn(source, same)
  const rows = visible.split('\n')
  const alike = rows.flatMap((text, at) => (text.trim() === row.trim() ? [at + 1] : []))
  const [only, ...others] = alike
  if (only !== undefined && others.length === 0) {
    const found = occurrences(rows[only - 1] ?? '', name)[0]
    return { line: only, ...(found === undefined ? {} : { column: found + 1 }) }
  }
  const [single] = own
  return own.length === 1 && single !== undefined ? lineAndColumn(source, single) : undefined
}

/** A template with its comments and statements blanked, which write nothing themselves; offsets stay. */
function withoutBlocks(source: string): string {
  return source.replace(/\{#[\s\S]*?#\}|\{%[\s\S]*?%\}|\{\{-?\s*config\([\s\S]*?\}\}/g, (block) =>
    block.replace(/[^\n]/g, ' '),
  )
}

function occurrences(text: string, word: string): number[] {
  const pattern = new RegExp(`(?<!\\w)${word.replace(/[^\w]/g, '\\$&')}(?!\\w)`, 'gi')
  return [...text.matchAll(pattern)].map(({ index }) => index)
}

function offsetOf(text: string, line: number): number {
  return text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, row) => sum + row.length + 1, 0)
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
