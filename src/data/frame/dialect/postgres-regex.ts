import { type Sql, value } from '../../../base/sql/index.ts'
import type { Call } from '../functions/define.ts'
import { constantOf } from './constant.ts'

/** What a regular expression is asked: whether it matches at all, or which part of the text. */
export type RegexUse = 'match' | 'part'

/** RE2's escapes that PostgreSQL writes otherwise. */
const ESCAPES: Readonly<Record<string, string>> = { b: '\\y', B: '\\Y', A: '\\A', z: '\\Z', h: '[ \\t]' }
const SAME_ESCAPES = /^[dDsSwWnrtfv]$/

const TOKEN = /\\(.)|\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|\(\?(?:P?<\w+>|[a-zA-Z-]*:?|.)|[*+?}]\??|\{|[\s\S]/gu

/**
 * A pattern of RE2 (DuckDB) as PostgreSQL's advanced regular expression (PostgreSQL 15, section 9.7.3).
 * PostgreSQL takes the longest of all matches where RE2 takes the first alternative, so a pattern for which that
 * could be another part of the text is refused.
 */
export function postgresRegex(pattern: Sql, use: RegexUse, call: Call): Sql {
  return value(regexText(pattern, use, call), { kind: 'string' })
}

/** The text of `postgresRegex`, with its flags in front. */
export function regexText(pattern: Sql, use: RegexUse, call: Call): string {
  const text = constantOf(pattern)
  if (typeof text !== 'string') return call.refuse('with a pattern that is no constant')
  const refuse = (what: string): never =>
    call.refuse(`with the pattern ${text}: ${what} means something else there`, 'Write the pattern without it.')
  const [flags, rest] = /^\(\?i\)/.test(text) ? ['(?i)', text.slice(4)] : ['', text]
  let variable = 0
  const out = [...rest.matchAll(TOKEN)].map(([token, escaped]) => {
    if (escaped !== undefined) return escapeText(token, escaped, refuse)
    if (token === '.') return '[^\\n]'
    if (token.startsWith('[') && token.length > 1) return bracket(token, refuse)
    if (token.startsWith('(?') && token !== '(?:') return refuse(token)
    if (/^[*+?}]\?$/.test(token)) return use === 'part' ? refuse(`the lazy ${token}`) : token[0]
    if (token === '|' && use === 'part' && !distinctAlternatives(rest)) return refuse('|')
    if (/^[*?]$/.test(token)) variable += 1
    return token
  })
  // What is optional may be taken by what stands before it: (a*)(ab)? finds another part.
  if (use === 'part' && variable > 1 && !anchored(rest) && /[*+]\)?[^*+?|]*\([^)]*\)[*?]/.test(rest)) {
    refuse('an optional group behind a repetition')
  }
  return `${flags}${out.join('')}`
}

function escapeText(token: string, escaped: string, refuse: (what: string) => never): string {
  if (/[1-9pPQECxX]/.test(escaped)) return refuse(token)
  const other = ESCAPES[escaped]
  if (other !== undefined) return other
  if (/[A-Za-z0]/.test(escaped) && !SAME_ESCAPES.test(escaped)) return refuse(token)
  // RE2's classes know ASCII only.
  const ascii = {
    d: '[0-9]',
    D: '[^0-9]',
    s: '[ \\t\\n\\f\\r]',
    S: '[^ \\t\\n\\f\\r]',
    w: '[0-9A-Za-z_]',
    W: '[^0-9A-Za-z_]',
  }
  return ascii[escaped as 'd'] ?? token
}

function bracket(token: string, refuse: (what: string) => never): string {
  if (/\\[DSWpPbB]/.test(token)) return refuse(token)
  const ascii = { d: '0-9', s: ' \\t\\n\\f\\r', w: '0-9A-Za-z_' }
  return token.replaceAll(/\\([dsw])/g, (_all, name: 'd') => ascii[name])
}

function anchored(text: string): boolean {
  return text.startsWith('^') && text.endsWith('$') && !text.endsWith('\\$')
}

/** Whether all alternatives of every group begin with another plain character, so that at most one can match. */
function distinctAlternatives(text: string): boolean {
  if (/[[\\]/.test(text)) return false
  const groups = [...text.matchAll(/\((?:\?:)?([^()]*)\)/g)].map((match) => match[1] ?? '')
  const outside = text.replaceAll(/\([^()]*\)/g, '')
  return [...groups, outside].every((group) => {
    const firsts = group.split('|').map((one) => [...one][0] ?? '')
    return (
      firsts.length === 1 ||
      (new Set(firsts).size === firsts.length && firsts.every((one) => /^[\p{L}\p{N} _-]$/u.test(one)))
    )
  })
}
