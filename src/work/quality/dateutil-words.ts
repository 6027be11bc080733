/** Words of dateutil's English `parserinfo`, and how it cuts a text into them. Source: dateutil 2.9, parser/_parser.py. */

const JUMPS = new Set([
  ' ',
  '.',
  ',',
  ';',
  '-',
  '/',
  "'",
  'at',
  'on',
  'and',
  'ad',
  'm',
  't',
  'of',
  'st',
  'nd',
  'rd',
  'th',
])
const WEEKDAYS = new Set(
  'mon monday tue tuesday wed wednesday thu thursday fri friday sat saturday sun sunday'.split(' '),
)
const MONTHS = ['jan january', 'feb february', 'mar march', 'apr april', 'may', 'jun june', 'jul july', 'aug august']
const LATER = ['sep sept september', 'oct october', 'nov november', 'dec december']
const monthOf = new Map(
  [...MONTHS, ...LATER].flatMap((names, index) => names.split(' ').map((name) => [name, index + 1])),
)
const CLOCK = ['h hour hours', 'm minute minutes', 's second seconds']
const unitOf = new Map(CLOCK.flatMap((names, index) => names.split(' ').map((name) => [name, index])))

export const isJump = (word: string) => JUMPS.has(word.toLowerCase())
export const isWeekday = (word: string) => word.length >= 3 && WEEKDAYS.has(word.toLowerCase())
/** 1 to 12. */
export const monthNamed = (word: string) => monthOf.get(word.toLowerCase())
/** 0 hours, 1 minutes, 2 seconds. */
export const clockUnit = (word: string) => unitOf.get(word.toLowerCase())
/** 0 before noon, 1 after. */
export function halfOfDay(word: string): number | undefined {
  const lower = word.toLowerCase()
  return lower === 'am' || lower === 'a' ? 0 : lower === 'pm' || lower === 'p' ? 1 : undefined
}

type State = '' | 'a' | '0' | 'a.' | '0.'

/** Cuts a text where the kind of its characters changes; dots join until the whole token is known. */
export function dateutilTokens(text: string): string[] {
  const characters = [...text.replaceAll('\0', '')]
  const tokens: string[] = []
  for (let at = 0; at < characters.length; ) {
    let token = characters[at] ?? ''
    let state: State = isLetter(token) ? 'a' : isDigit(token) ? '0' : ''
    let letters = false
    at += 1
    if (state === '') {
      tokens.push(/\s/u.test(token) ? ' ' : token)
      continue
    }
    for (; at < characters.length; at += 1) {
      if (state === 'a' || state === 'a.') letters = true
      const next = stateAfter(state, token, characters[at] ?? '')
      if (next === undefined) break
      state = next
      token += characters[at]
    }
    const dotted = state === 'a.' || state === '0.'
    if (dotted && (letters || token.split('.').length > 2 || /[.,]$/.test(token))) {
      const [first = '', ...rest] = token.split(/([.,])/)
      const comma = state === '0.' && !first.includes('.') ? first.replaceAll(',', '.') : first
      tokens.push(comma, ...rest.filter((part) => part !== ''))
    } else tokens.push(state === '0.' && !token.includes('.') ? token.replaceAll(',', '.') : token)
  }
  return tokens
}

function stateAfter(state: State, token: string, next: string): State | undefined {
  const [letter, digit] = [isLetter(next), isDigit(next)]
  if (state === 'a') return letter ? 'a' : next === '.' ? 'a.' : undefined
  if (state === '0') return digit ? '0' : next === '.' || (next === ',' && token.length >= 2) ? '0.' : undefined
  if (next === '.') return state
  if (state === 'a.') return letter ? 'a.' : digit && token.endsWith('.') ? '0.' : undefined
  return digit ? '0.' : letter && token.endsWith('.') ? 'a.' : undefined
}

const isLetter = (character: string) => /\p{L}/u.test(character)
const isDigit = (character: string) => /\p{Nd}/u.test(character)
