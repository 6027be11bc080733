// Spark's number formats, of to_char and to_number (its reference, "Number Pattern Strings"), as PySpark 4.2 answers.

/** A format read: what stands before the digits, the digits in groups, and what stands behind. */
export interface NumberFormat {
  readonly text: string
  readonly before: readonly Mark[]
  /** Groups of digits between thousands separators; true for those that are zeros when there is no digit. */
  readonly groups: readonly Group[]
  /** How many digits stand behind the point; undefined without a point. */
  readonly fraction: number | undefined
  readonly behind: readonly Mark[]
  /** Negative numbers stand in angle brackets. */
  readonly brackets: boolean
}
type Mark = 'S' | 'MI' | '$'
interface Group {
  readonly digits: number
  readonly zeros: boolean
}

const FORMAT = /^(S|MI)?(\$)?([09]+(?:[,G][09]+)*)?(?:([.D])([09]*))?(S|MI)?(PR)?$/

/** Reads a format. @throws Error `[INVALID_FORMAT] …` for what is none */
export function readFormat(given: string): NumberFormat {
  const text = given.toUpperCase()
  const [, sign, currency, whole, point, fraction, last, brackets] = FORMAT.exec(text) ?? []
  if ((whole ?? '') === '' && (fraction ?? '') === '')
    throw new Error(`[INVALID_FORMAT] The format is invalid: '${given}'`)
  if (sign === 'S' && last === 'S') throw new Error(`[INVALID_FORMAT] The format is invalid: '${given}'`)
  if (sign === 'MI' && last === 'MI') throw new Error(`[INVALID_FORMAT] The format is invalid: '${given}'`)
  return {
    text,
    before: [sign, currency].filter((mark): mark is Mark => mark !== undefined),
    groups: (whole ?? '')
      .split(/[,G]/)
      .filter((group) => group !== '')
      .map((group) => ({ digits: group.length, zeros: group.startsWith('0') })),
    fraction: point === undefined ? undefined : (fraction ?? '').length,
    behind: last === undefined ? [] : [last as Mark],
    brackets: brackets !== undefined,
  }
}

/** How many digits a number of the format has, and how many of them behind the point. */
export function digitsOfFormat({ groups, fraction = 0 }: NumberFormat): { precision: number; scale: number } {
  const before = groups.reduce((sum, { digits }) => sum + digits, 0)
  return { precision: before + fraction, scale: fraction }
}

/** A decimal, as its plain text, in the format; `#` for digits when it has too many. */
export function formatNumber(format: NumberFormat, decimal: string): string {
  const negative = decimal.startsWith('-') && /[1-9]/.test(decimal)
  const [whole = '', digits = ''] = decimal.replace(/^-/, '').split('.')
  const fraction = digits.replace(/0+$/, '')
  const { precision, scale } = digitsOfFormat(format)
  const before = whole.replace(/^0+/, '')
  const fits = before.length <= precision - scale && fraction.length <= scale
  const shown = fits ? before.padStart(precision - scale, ' ') : '#'.repeat(precision - scale)
  const out = new Line()
  if (format.brackets && negative) out.add('<')
  for (const mark of format.before) out.mark(mark, negative)
  let at = 0
  format.groups.forEach(({ digits: count, zeros }, i) => {
    if (i > 0) out.space(/\d$/.test(out.text) ? ',' : ' ')
    for (const one of shown.slice(at, at + count)) out.space(one === ' ' && zeros ? '0' : one)
    at += count
  })
  if (format.fraction !== undefined) {
    out.text = out.text.replace(/ $/, '0')
    out.add(scale === 0 ? ' ' : `.${fits ? fraction.padEnd(scale, '0') : '#'.repeat(scale)}`)
  }
  for (const mark of format.behind) out.mark(mark, negative)
  if (format.brackets) negative ? out.behind('>') : out.add('  ')
  return out.text
}

/** A text in the making. */
class Line {
  text = ''
  add(text: string): void {
    this.text += text
  }
  /** Blanks go before a sign that has no digit yet. */
  space(one: string): void {
    this.text = one === ' ' ? this.text.replace(/[+<-]*$/, (signs) => ` ${signs}`) : this.text + one
  }
  /** A sign at the end goes before blanks. */
  behind(sign: string): void {
    this.text = this.text.replace(/ *$/, (blanks) => sign + blanks)
  }
  mark(mark: Mark, negative: boolean): void {
    if (mark === '$') this.add('$')
    else if (mark === 'S') this.behind(negative ? '-' : '+')
    else if (negative) this.behind('-')
    else this.add(' ')
  }
}

/** A text in the format as plain decimal text; undefined when it does not match. */
export function parseNumber(format: NumberFormat, given: string): string | undefined {
  const text = given.replaceAll(/(?![0-9])\p{Nd}/gu, latinDigit)
  let at = 0
  let negative = false
  const took = (sign: string): boolean => {
    if (text[at] !== sign) return false
    at += 1
    return true
  }
  const mark = (one: Mark): boolean => {
    if (one === '$') return took('$')
    if (took('-')) negative = true
    else if (one === 'S') took('+')
    return true
  }
  const opened = format.brackets && took('<')
  if (!format.before.every(mark)) return undefined
  let whole = ''
  if (format.groups.length > 0) {
    const [run = ''] = /^[\d,\s]*/.exec(text.slice(at)) ?? []
    at += run.length
    if (!groupsMatch(format.groups, run)) return undefined
    whole = run.replaceAll(/[,\s]/g, '')
  }
  let fraction = ''
  if (format.groups.length === 0 && text[at] !== '.') {
    // Without a point the digits are whole ones, of which the type has no place.
    const [run = ''] = /^[\d\s]*/.exec(text.slice(at)) ?? []
    at += run.length
    whole = run.replaceAll(/\s/g, '')
    if (whole.length > (format.fraction ?? 0)) return undefined
  } else if (format.fraction !== undefined && took('.')) {
    const [run = ''] = /^[\d\s]*/.exec(text.slice(at)) ?? []
    at += run.length
    fraction = run.replaceAll(/\s/g, '')
    if (fraction.length > format.fraction) return undefined
  }
  if (!format.behind.every(mark)) return undefined
  if (format.brackets && took('>') !== opened) return undefined
  if (at < text.length || whole + fraction === '') return undefined
  return `${negative || opened ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** Groups are as long as in the format, from the right; a group of nines may be shorter or missing. */
function groupsMatch(groups: readonly Group[], run: string): boolean {
  const given = run.split(',').map((part) => part.replaceAll(/\s/g, '').length)
  if (given.length > groups.length) return false
  return groups.every(({ digits, zeros }, i) => {
    const count = given[given.length - groups.length + i] ?? 0
    return zeros ? count === digits : count <= digits
  })
}

/** A digit of another script as one of ours: each script has ten in a row. */
function latinDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1
  return String(value)
}
